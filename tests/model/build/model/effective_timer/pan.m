#define rand	pan_rand
#define pthread_equal(a,b)	((a)==(b))
#if defined(HAS_CODE) && defined(VERBOSE)
	#ifdef BFS_PAR
		bfs_printf("Pr: %d Tr: %d\n", II, t->forw);
	#else
		cpu_printf("Pr: %d Tr: %d\n", II, t->forw);
	#endif
#endif
	switch (t->forw) {
	default: Uerror("bad forward move");
	case 0:	/* if without executable clauses */
		continue;
	case 1: /* generic 'goto' or 'skip' */
		IfNotBlocked
		_m = 3; goto P999;
	case 2: /* generic 'else' */
		IfNotBlocked
		if (trpt->o_pm&1) continue;
		_m = 3; goto P999;

		 /* PROC :init: */
	case 3: // STATE 1 - bulkhead.pml:261 - [(run Caller(0))] (0:0:0 - 1)
		IfNotBlocked
		reached[4][1] = 1;
		if (!(addproc(II, 1, 0, 0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 4: // STATE 2 - bulkhead.pml:262 - [(run Caller(1))] (0:0:0 - 1)
		IfNotBlocked
		reached[4][2] = 1;
		if (!(addproc(II, 1, 0, 1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 5: // STATE 3 - bulkhead.pml:263 - [(run Caller(2))] (0:0:0 - 1)
		IfNotBlocked
		reached[4][3] = 1;
		if (!(addproc(II, 1, 0, 2)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 6: // STATE 4 - bulkhead.pml:272 - [(run Controller())] (0:0:0 - 1)
		IfNotBlocked
		reached[4][4] = 1;
		if (!(addproc(II, 1, 1, 0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 7: // STATE 5 - bulkhead.pml:284 - [(run Clock())] (0:0:0 - 1)
		IfNotBlocked
		reached[4][5] = 1;
		if (!(addproc(II, 1, 2, 0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 8: // STATE 6 - bulkhead.pml:287 - [(run Timer())] (0:0:0 - 1)
		IfNotBlocked
		reached[4][6] = 1;
		if (!(addproc(II, 1, 3, 0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 9: // STATE 8 - bulkhead.pml:290 - [((_nr_pr==1))] (0:0:0 - 1)
		IfNotBlocked
		reached[4][8] = 1;
		if (!((((int)now._nr_pr)==1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 10: // STATE 14 - bulkhead.pml:291 - [D_STEP291]
		/* default 258 */
		

		reached[4][14] = 1;
		reached[4][t->st] = 1;
		reached[4][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_2150_0: /* 2 */
		spin_assert(((now.word_>>6)==((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))), "((word_>>6)==((holds[0]+holds[1])+holds[2]))", II, tt, t);
S_2151_0: /* 2 */
		spin_assert((0||((now.word_>>6)==0)), "(0||((word_>>6)==0))", II, tt, t);
S_2152_0: /* 2 */
		spin_assert((((q_len(now.queue_)==0)&&(((int)now.queued_)==0))&&((now.word_&1)==0)), "(((q_len(queue_)==0)&&(queued_==0))&&((word_&1)==0))", II, tt, t);
S_2153_0: /* 2 */
		spin_assert(( !(((int)now.freed))&&(((int)now.references_)==1)), "( !(freed)&&(references_==1))", II, tt, t);
S_2154_0: /* 2 */
		spin_assert(((((int)now.timer)==0)&&((now.word_&8)==0)), "((timer==0)&&((word_&8)==0))", II, tt, t);
		goto S_2156_0;
S_2156_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 11: // STATE 15 - bulkhead.pml:304 - [-end-] (0:0:0 - 1)
		IfNotBlocked
		reached[4][15] = 1;
		if (!delproc(1, II)) continue;
		_m = 3; goto P999; /* 0 */

		 /* PROC Timer */
	case 12: // STATE 1 - bulkhead.pml:248 - [(((timer!=0)&&(clock==1)))] (379:0:2 - 1)
		IfNotBlocked
		reached[3][1] = 1;
		if (!(((((int)now.timer)!=0)&&(((int)now.clock)==1))))
			continue;
		/* merge: number = (timer-1)(379, 2, 379) */
		reached[3][2] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P3 *)_this)->number);
		((P3 *)_this)->number = (((int)now.timer)-1);
#ifdef VAR_RANGES
		logval("Timer:number", ((int)((P3 *)_this)->number));
#endif
		;
		/* merge: timer = 0(379, 3, 379) */
		reached[3][3] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.timer);
		now.timer = 0;
#ifdef VAR_RANGES
		logval("timer", ((int)now.timer));
#endif
		;
		/* merge: .(goto)(0, 380, 379) */
		reached[3][380] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 13: // STATE 8 - admission.pml:79 - [D_STEP79]
		if (!(boq == -1 && ( !(((int)now.mutex_))||((int)now.freed))))
			continue;

		reached[3][8] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1757_0: /* 2 */
		if (!(( !(((int)now.mutex_))||((int)now.freed))))
			Uerror("block in d_step seq");
S_1758_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1759_0: /* 2 */
		now.mutex_ = 1;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_1779_0;
S_1779_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 14: // STATE 10 - admission.pml:641 - [((number==timerGeneration_))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][10] = 1;
		if (!((((int)((P3 *)_this)->number)==((int)now.timerGeneration_))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 15: // STATE 13 - admission.pml:642 - [D_STEP642]
		/* default 258 */
		

		reached[3][13] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1763_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1764_0: /* 2 */
		now.timerAt_ = 0;
#ifdef VAR_RANGES
		logval("timerAt_", ((int)now.timerAt_));
#endif
		;
		goto S_1777_0;
S_1777_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 16: // STATE 14 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][14] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 17: // STATE 17 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[3][17] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1767_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1768_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1776_0;
S_1776_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 18: // STATE 18 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][18] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 19: // STATE 21 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[3][21] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1771_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1772_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1776_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 20: // STATE 41 - admission.pml:84 - [D_STEP84]
		/* default 258 */
		

		reached[3][41] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1781_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1782_0: /* 2 */
		spin_assert(((now.word_>>6)==((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))), "((word_>>6)==((holds[0]+holds[1])+holds[2]))", II, tt, t);
S_1783_0: /* 2 */
		spin_assert((((int)now.queued_)==q_len(now.queue_)), "(queued_==q_len(queue_))", II, tt, t);
S_1784_0: /* 2 */
		spin_assert((((now.word_&1)!=0)==(q_len(now.queue_)!=0)), "(((word_&1)!=0)==(q_len(queue_)!=0))", II, tt, t);
S_1790_0: /* 2 */
S_1785_0: /* 2 */
		if (!((q_len(now.queue_)!=0)))
			goto S_1790_1;
S_1786_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P3 *)_this)->head = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Timer:head", ((int)((P3 *)_this)->head));
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P3 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_1787_0: /* 2 */
		spin_assert((((int)now.slicing)||(((now.word_>>6)+((int)now.weightOf[ Index(((int)((P3 *)_this)->head), 4) ]))>((int)now.limit_))), "(slicing||(((word_>>6)+weightOf[head])>limit_))", II, tt, t);
S_1788_0: /* 2 */
		((P3 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Timer:head", ((int)((P3 *)_this)->head));
#endif
		;
		goto S_1791_0;
S_1790_1: /* 3 */
S_1789_0: /* 2 */
		/* else */;
		goto S_1791_0;
S_1790_2: /* 3 */
		Uerror("blocking sel in d_step (nr.0, near line 89)");
S_1791_0: /* 2 */
S_1792_0: /* 2 */
		now.mutex_ = 0;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_1796_0;
S_1796_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 21: // STATE 44 - limiter.pml:57 - [now = clock] (0:0:1 - 1)
		IfNotBlocked
		reached[3][44] = 1;
		(trpt+1)->bup.oval = ((int)((P3 *)_this)->now);
		((P3 *)_this)->now = ((int)now.clock);
#ifdef VAR_RANGES
		logval("Timer:now", ((int)((P3 *)_this)->now));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 22: // STATE 48 - admission.pml:79 - [D_STEP79]
		if (!(boq == -1 && ( !(((int)now.mutex_))||((int)now.freed))))
			continue;

		reached[3][48] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1797_0: /* 2 */
		if (!(( !(((int)now.mutex_))||((int)now.freed))))
			Uerror("block in d_step seq");
S_1798_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1799_0: /* 2 */
		now.mutex_ = 1;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_1844_0;
S_1844_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 23: // STATE 50 - admission.pml:361 - [(((now==1)&&((deadline[0]||deadline[1])||deadline[2])))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][50] = 1;
		if (!(((((int)((P3 *)_this)->now)==1)&&((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 24: // STATE 51 - admission.pml:490 - [(deadline[0])] (0:0:0 - 1)
		IfNotBlocked
		reached[3][51] = 1;
		if (!(((int)now.deadline[0])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 25: // STATE 52 - admission.pml:490 - [head = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[3][52] = 1;
		(trpt+1)->bup.oval = ((int)((P3 *)_this)->head);
		((P3 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Timer:head", ((int)((P3 *)_this)->head));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 26: // STATE 53 - admission.pml:491 - [(deadline[1])] (0:0:0 - 1)
		IfNotBlocked
		reached[3][53] = 1;
		if (!(((int)now.deadline[1])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 27: // STATE 54 - admission.pml:491 - [head = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[3][54] = 1;
		(trpt+1)->bup.oval = ((int)((P3 *)_this)->head);
		((P3 *)_this)->head = 1;
#ifdef VAR_RANGES
		logval("Timer:head", ((int)((P3 *)_this)->head));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 28: // STATE 55 - admission.pml:492 - [(deadline[2])] (0:0:0 - 1)
		IfNotBlocked
		reached[3][55] = 1;
		if (!(((int)now.deadline[2])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 29: // STATE 56 - admission.pml:492 - [head = 2] (0:0:1 - 1)
		IfNotBlocked
		reached[3][56] = 1;
		(trpt+1)->bup.oval = ((int)((P3 *)_this)->head);
		((P3 *)_this)->head = 2;
#ifdef VAR_RANGES
		logval("Timer:head", ((int)((P3 *)_this)->head));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 30: // STATE 81 - admission.pml:546 - [D_STEP546]
		/* default 258 */
		

		reached[3][81] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1812_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1813_0: /* 2 */
		spin_assert((now.verdict[ Index(((int)((P3 *)_this)->head), 4) ]==9), "(verdict[head]==9)", II, tt, t);
S_1814_0: /* 2 */
		now.verdict[ Index(((P3 *)_this)->head, 4) ] = 6;
#ifdef VAR_RANGES
		logval("verdict[Timer:head]", now.verdict[ Index(((int)((P3 *)_this)->head), 4) ]);
#endif
		;
S_1815_0: /* 2 */
		linked[ Index(((P3 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("linked[Timer:head]", ((int)linked[ Index(((int)((P3 *)_this)->head), 4) ]));
#endif
		;
S_1816_0: /* 2 */
		now.deadline[ Index(((P3 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("deadline[Timer:head]", ((int)now.deadline[ Index(((int)((P3 *)_this)->head), 4) ]));
#endif
		;
S_1830_0: /* 2 */
S_1817_0: /* 2 */
		if (!((((int)((P3 *)_this)->head)==3)))
			goto S_1830_1;
S_1818_0: /* 2 */
		if (q_len(now.drains_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.drains_, 1, ((int)((P3 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.drains_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.drains_);
		sprintf(simtmp, "%d", ((int)((P3 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
		goto S_1831_0;
S_1830_1: /* 3 */
S_1819_0: /* 2 */
		/* else */;
S_1826_0: /* 2 */
S_1820_0: /* 2 */
		if (!((6==8)))
			goto S_1826_1;
S_1821_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P3 *)_this)->next = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Timer:next", ((P3 *)_this)->next);
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((P3 *)_this)->next); strcat(simvals, simtmp);		}
#endif
		;
S_1822_0: /* 2 */
		spin_assert((((P3 *)_this)->next==((int)((P3 *)_this)->head)), "(next==head)", II, tt, t);
S_1823_0: /* 2 */
		((P3 *)_this)->next = 0;
#ifdef VAR_RANGES
		logval("Timer:next", ((P3 *)_this)->next);
#endif
		;
S_1824_0: /* 2 */
		now.holds[ Index(((P3 *)_this)->head, 4) ] = ((int)now.weightOf[ Index(((int)((P3 *)_this)->head), 4) ]);
#ifdef VAR_RANGES
		logval("holds[Timer:head]", ((int)now.holds[ Index(((int)((P3 *)_this)->head), 4) ]));
#endif
		;
		goto S_1827_0;
S_1826_1: /* 3 */
S_1825_0: /* 2 */
		/* else */;
		goto S_1827_0;
S_1826_2: /* 3 */
		Uerror("blocking sel in d_step (nr.1, near line 557)");
S_1827_0: /* 2 */
S_1828_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.queue_, 1, ((int)((P3 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.queue_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P3 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_1829_0: /* 2 */
		now.queued_ = (((int)now.queued_)-1);
#ifdef VAR_RANGES
		logval("queued_", ((int)now.queued_));
#endif
		;
		goto S_1831_0;
S_1830_2: /* 3 */
		Uerror("blocking sel in d_step (nr.2, near line 554)");
S_1831_0: /* 2 */
S_1832_0: /* 2 */
		((P3 *)_this)->ready = (((int)((P3 *)_this)->ready)|(1<<((int)((P3 *)_this)->head)));
#ifdef VAR_RANGES
		logval("Timer:ready", ((int)((P3 *)_this)->ready));
#endif
		;
		goto S_1839_0;
S_1839_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 31: // STATE 82 - admission.pml:569 - [(((head!=3)&&(queued_==0)))] (0:0:1 - 1)
		IfNotBlocked
		reached[3][82] = 1;
		if (!(((((int)((P3 *)_this)->head)!=3)&&(((int)now.queued_)==0))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: head */  (trpt+1)->bup.oval = ((P3 *)_this)->head;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P3 *)_this)->head = 0;
		_m = 3; goto P999; /* 0 */
	case 32: // STATE 85 - admission.pml:569 - [D_STEP569]
		/* default 258 */
		

		reached[3][85] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1835_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1836_0: /* 2 */
		now.word_ = (now.word_& ~(1));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1840_0;
S_1840_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 33: // STATE 90 - admission.pml:361 - [head = 0] (0:96:1 - 3)
		IfNotBlocked
		reached[3][90] = 1;
		(trpt+1)->bup.oval = ((int)((P3 *)_this)->head);
		((P3 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Timer:head", ((int)((P3 *)_this)->head));
#endif
		;
		/* merge: .(goto)(0, 93, 96) */
		reached[3][93] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 34: // STATE 96 - admission.pml:362 - [D_STEP362]
		IfNotBlocked

		reached[3][96] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1846_0: /* 2 */
		((P3 *)_this)->more = ((((int)((P3 *)_this)->now)==1)&&((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])));
#ifdef VAR_RANGES
		logval("Timer:more", ((int)((P3 *)_this)->more));
#endif
		;
S_1847_0: /* 2 */
		now.slicing = ((int)((P3 *)_this)->more);
#ifdef VAR_RANGES
		logval("slicing", ((int)now.slicing));
#endif
		;
		goto S_1908_0;
S_1908_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 35: // STATE 97 - admission.pml:363 - [(!(more))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][97] = 1;
		if (!( !(((int)((P3 *)_this)->more))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 36: // STATE 98 - admission.pml:510 - [((len(queue_)!=0))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][98] = 1;
		if (!((q_len(now.queue_)!=0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 37: // STATE 104 - admission.pml:511 - [D_STEP511]
		/* default 258 */
		

		reached[3][104] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1851_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1852_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P3 *)_this)->head = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Timer:head", ((int)((P3 *)_this)->head));
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P3 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_1853_0: /* 2 */
		((P3 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Timer:word", ((P3 *)_this)->word);
#endif
		;
S_1854_0: /* 2 */
		((P3 *)_this)->done = (((int)now.weightOf[ Index(((int)((P3 *)_this)->head), 4) ])<=(((int)now.limit_)-(((P3 *)_this)->word>>6)));
#ifdef VAR_RANGES
		logval("Timer:done", ((int)((P3 *)_this)->done));
#endif
		;
S_1855_0: /* 2 */
		((P3 *)_this)->word = 0;
#ifdef VAR_RANGES
		logval("Timer:word", ((P3 *)_this)->word);
#endif
		;
		goto S_1898_0;
S_1898_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 38: // STATE 105 - admission.pml:523 - [(done)] (0:0:1 - 1)
		IfNotBlocked
		reached[3][105] = 1;
		if (!(((int)((P3 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P3 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P3 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 39: // STATE 111 - admission.pml:524 - [D_STEP524]
		/* default 258 */
		

		reached[3][111] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1858_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1859_0: /* 2 */
		now.word_ = (now.word_+(((int)now.weightOf[ Index(((int)((P3 *)_this)->head), 4) ])<<6));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
S_1860_0: /* 2 */
		spin_assert((((now.word_>>6)<=((int)now.limit_))||((now.word_>>6)<=((int)now.limitBefore))), "(((word_>>6)<=limit_)||((word_>>6)<=limitBefore))", II, tt, t);
S_1861_0: /* 2 */
		((P3 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Timer:done", ((int)((P3 *)_this)->done));
#endif
		;
S_1862_0: /* 2 */
		((P3 *)_this)->begins = 1;
#ifdef VAR_RANGES
		logval("Timer:begins", ((int)((P3 *)_this)->begins));
#endif
		;
		goto S_1893_0;
S_1893_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 40: // STATE 133 - admission.pml:546 - [D_STEP546]
		/* default 258 */
		

		reached[3][133] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1864_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1865_0: /* 2 */
		spin_assert((now.verdict[ Index(((int)((P3 *)_this)->head), 4) ]==9), "(verdict[head]==9)", II, tt, t);
S_1866_0: /* 2 */
		now.verdict[ Index(((P3 *)_this)->head, 4) ] = 8;
#ifdef VAR_RANGES
		logval("verdict[Timer:head]", now.verdict[ Index(((int)((P3 *)_this)->head), 4) ]);
#endif
		;
S_1867_0: /* 2 */
		linked[ Index(((P3 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("linked[Timer:head]", ((int)linked[ Index(((int)((P3 *)_this)->head), 4) ]));
#endif
		;
S_1868_0: /* 2 */
		now.deadline[ Index(((P3 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("deadline[Timer:head]", ((int)now.deadline[ Index(((int)((P3 *)_this)->head), 4) ]));
#endif
		;
S_1882_0: /* 2 */
S_1869_0: /* 2 */
		if (!((((int)((P3 *)_this)->head)==3)))
			goto S_1882_1;
S_1870_0: /* 2 */
		if (q_len(now.drains_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.drains_, 1, ((int)((P3 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.drains_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.drains_);
		sprintf(simtmp, "%d", ((int)((P3 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
		goto S_1883_0;
S_1882_1: /* 3 */
S_1871_0: /* 2 */
		/* else */;
S_1878_0: /* 2 */
S_1872_0: /* 2 */
		if (!((8==8)))
			goto S_1878_1;
S_1873_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P3 *)_this)->next = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Timer:next", ((P3 *)_this)->next);
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((P3 *)_this)->next); strcat(simvals, simtmp);		}
#endif
		;
S_1874_0: /* 2 */
		spin_assert((((P3 *)_this)->next==((int)((P3 *)_this)->head)), "(next==head)", II, tt, t);
S_1875_0: /* 2 */
		((P3 *)_this)->next = 0;
#ifdef VAR_RANGES
		logval("Timer:next", ((P3 *)_this)->next);
#endif
		;
S_1876_0: /* 2 */
		now.holds[ Index(((P3 *)_this)->head, 4) ] = ((int)now.weightOf[ Index(((int)((P3 *)_this)->head), 4) ]);
#ifdef VAR_RANGES
		logval("holds[Timer:head]", ((int)now.holds[ Index(((int)((P3 *)_this)->head), 4) ]));
#endif
		;
		goto S_1879_0;
S_1878_1: /* 3 */
S_1877_0: /* 2 */
		/* else */;
		goto S_1879_0;
S_1878_2: /* 3 */
		Uerror("blocking sel in d_step (nr.3, near line 557)");
S_1879_0: /* 2 */
S_1880_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.queue_, 1, ((int)((P3 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.queue_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P3 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_1881_0: /* 2 */
		now.queued_ = (((int)now.queued_)-1);
#ifdef VAR_RANGES
		logval("queued_", ((int)now.queued_));
#endif
		;
		goto S_1883_0;
S_1882_2: /* 3 */
		Uerror("blocking sel in d_step (nr.4, near line 554)");
S_1883_0: /* 2 */
S_1884_0: /* 2 */
		((P3 *)_this)->ready = (((int)((P3 *)_this)->ready)|(1<<((int)((P3 *)_this)->head)));
#ifdef VAR_RANGES
		logval("Timer:ready", ((int)((P3 *)_this)->ready));
#endif
		;
		goto S_1891_0;
S_1891_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 41: // STATE 134 - admission.pml:569 - [(((head!=3)&&(queued_==0)))] (0:0:1 - 1)
		IfNotBlocked
		reached[3][134] = 1;
		if (!(((((int)((P3 *)_this)->head)!=3)&&(((int)now.queued_)==0))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: head */  (trpt+1)->bup.oval = ((P3 *)_this)->head;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P3 *)_this)->head = 0;
		_m = 3; goto P999; /* 0 */
	case 42: // STATE 137 - admission.pml:569 - [D_STEP569]
		/* default 258 */
		

		reached[3][137] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1887_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1888_0: /* 2 */
		now.word_ = (now.word_& ~(1));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1892_0;
S_1892_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 43: // STATE 142 - admission.pml:534 - [head = 0] (0:150:1 - 3)
		IfNotBlocked
		reached[3][142] = 1;
		(trpt+1)->bup.oval = ((int)((P3 *)_this)->head);
		((P3 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Timer:head", ((int)((P3 *)_this)->head));
#endif
		;
		/* merge: .(goto)(0, 147, 150) */
		reached[3][147] = 1;
		;
		/* merge: .(goto)(0, 151, 150) */
		reached[3][151] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 44: // STATE 144 - admission.pml:535 - [head = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[3][144] = 1;
		(trpt+1)->bup.oval = ((int)((P3 *)_this)->head);
		((P3 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Timer:head", ((int)((P3 *)_this)->head));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 45: // STATE 158 - admission.pml:587 - [(((deadline[0]||deadline[1])||deadline[2]))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][158] = 1;
		if (!(((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2]))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 46: // STATE 159 - admission.pml:587 - [tends = (tends||!(timerAt_))] (0:0:1 - 1)
		IfNotBlocked
		reached[3][159] = 1;
		(trpt+1)->bup.oval = ((int)((P3 *)_this)->tends);
		((P3 *)_this)->tends = (((int)((P3 *)_this)->tends)|| !(((int)now.timerAt_)));
#ifdef VAR_RANGES
		logval("Timer:tends", ((int)((P3 *)_this)->tends));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 47: // STATE 160 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][160] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 48: // STATE 163 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[3][163] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1913_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1914_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1922_0;
S_1922_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 49: // STATE 164 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][164] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 50: // STATE 167 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[3][167] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1917_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1918_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1922_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 51: // STATE 172 - admission.pml:588 - [(((!(((deadline[0]||deadline[1])||deadline[2]))&&timerAt_)&&!(begins)))] (0:0:1 - 1)
		IfNotBlocked
		reached[3][172] = 1;
		if (!((( !(((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])))&&((int)now.timerAt_))&& !(((int)((P3 *)_this)->begins)))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: begins */  (trpt+1)->bup.oval = ((P3 *)_this)->begins;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P3 *)_this)->begins = 0;
		_m = 3; goto P999; /* 0 */
	case 52: // STATE 173 - admission.pml:588 - [tends = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[3][173] = 1;
		(trpt+1)->bup.oval = ((int)((P3 *)_this)->tends);
		((P3 *)_this)->tends = 1;
#ifdef VAR_RANGES
		logval("Timer:tends", ((int)((P3 *)_this)->tends));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 53: // STATE 174 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][174] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 54: // STATE 177 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[3][177] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1927_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1928_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1936_0;
S_1936_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 55: // STATE 178 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][178] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 56: // STATE 181 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[3][181] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1931_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1932_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1936_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 57: // STATE 186 - admission.pml:592 - [(((!(((deadline[0]||deadline[1])||deadline[2]))&&timerAt_)&&begins))] (0:0:1 - 1)
		IfNotBlocked
		reached[3][186] = 1;
		if (!((( !(((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])))&&((int)now.timerAt_))&&((int)((P3 *)_this)->begins))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: begins */  (trpt+1)->bup.oval = ((P3 *)_this)->begins;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P3 *)_this)->begins = 0;
		_m = 3; goto P999; /* 0 */
	case 58: // STATE 187 - admission.pml:604 - [((1&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][187] = 1;
		if (!((1&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 59: // STATE 190 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[3][190] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1940_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1941_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1949_0;
S_1949_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 60: // STATE 191 - admission.pml:605 - [((!(1)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][191] = 1;
		if (!(( !(1)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 61: // STATE 194 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[3][194] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1944_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1945_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1949_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 62: // STATE 199 - admission.pml:594 - [((!(((deadline[0]||deadline[1])||deadline[2]))&&!(timerAt_)))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][199] = 1;
		if (!(( !(((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])))&& !(((int)now.timerAt_)))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 63: // STATE 200 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][200] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 64: // STATE 203 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[3][203] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1953_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1954_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1962_0;
S_1962_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 65: // STATE 204 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][204] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 66: // STATE 207 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[3][207] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1957_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1958_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1962_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 67: // STATE 214 - admission.pml:596 - [begins = 0] (0:229:1 - 17)
		IfNotBlocked
		reached[3][214] = 1;
		(trpt+1)->bup.oval = ((int)((P3 *)_this)->begins);
		((P3 *)_this)->begins = 0;
#ifdef VAR_RANGES
		logval("Timer:begins", ((int)((P3 *)_this)->begins));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 68: // STATE 228 - admission.pml:84 - [D_STEP84]
		/* default 258 */
		

		reached[3][228] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1968_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1969_0: /* 2 */
		spin_assert(((now.word_>>6)==((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))), "((word_>>6)==((holds[0]+holds[1])+holds[2]))", II, tt, t);
S_1970_0: /* 2 */
		spin_assert((((int)now.queued_)==q_len(now.queue_)), "(queued_==q_len(queue_))", II, tt, t);
S_1971_0: /* 2 */
		spin_assert((((now.word_&1)!=0)==(q_len(now.queue_)!=0)), "(((word_&1)!=0)==(q_len(queue_)!=0))", II, tt, t);
S_1977_0: /* 2 */
S_1972_0: /* 2 */
		if (!((q_len(now.queue_)!=0)))
			goto S_1977_1;
S_1973_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P3 *)_this)->head = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Timer:head", ((int)((P3 *)_this)->head));
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P3 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_1974_0: /* 2 */
		spin_assert((((int)now.slicing)||(((now.word_>>6)+((int)now.weightOf[ Index(((int)((P3 *)_this)->head), 4) ]))>((int)now.limit_))), "(slicing||(((word_>>6)+weightOf[head])>limit_))", II, tt, t);
S_1975_0: /* 2 */
		((P3 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Timer:head", ((int)((P3 *)_this)->head));
#endif
		;
		goto S_1978_0;
S_1977_1: /* 3 */
S_1976_0: /* 2 */
		/* else */;
		goto S_1978_0;
S_1977_2: /* 3 */
		Uerror("blocking sel in d_step (nr.5, near line 89)");
S_1978_0: /* 2 */
S_1979_0: /* 2 */
		now.mutex_ = 0;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_1986_0;
S_1986_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 69: // STATE 231 - limiter.pml:59 - [(more)] (371:0:1 - 1)
		IfNotBlocked
		reached[3][231] = 1;
		if (!(((int)((P3 *)_this)->more)))
			continue;
		/* merge: tends = 0(0, 232, 371) */
		reached[3][232] = 1;
		(trpt+1)->bup.oval = ((int)((P3 *)_this)->tends);
		((P3 *)_this)->tends = 0;
#ifdef VAR_RANGES
		logval("Timer:tends", ((int)((P3 *)_this)->tends));
#endif
		;
		/* merge: .(goto)(0, 235, 371) */
		reached[3][235] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 70: // STATE 236 - limiter.pml:36 - [((ready&1))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][236] = 1;
		if (!((((int)((P3 *)_this)->ready)&1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 71: // STATE 240 - limiter.pml:29 - [D_STEP29]
		/* default 258 */
		

		reached[3][240] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1989_0: /* 2 */
		spin_assert( !(((int)now.woken[0])), " !(woken[0])", II, tt, t);
S_1990_0: /* 2 */
		now.woken[0] = 1;
#ifdef VAR_RANGES
		logval("woken[0]", ((int)now.woken[0]));
#endif
		;
S_1991_0: /* 2 */
		((P3 *)_this)->ready = (((int)((P3 *)_this)->ready)& ~((1<<0)));
#ifdef VAR_RANGES
		logval("Timer:ready", ((int)((P3 *)_this)->ready));
#endif
		;
		goto S_2105_0;
S_2105_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 72: // STATE 242 - limiter.pml:37 - [((ready&2))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][242] = 1;
		if (!((((int)((P3 *)_this)->ready)&2)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 73: // STATE 246 - limiter.pml:29 - [D_STEP29]
		/* default 258 */
		

		reached[3][246] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1995_0: /* 2 */
		spin_assert( !(((int)now.woken[1])), " !(woken[1])", II, tt, t);
S_1996_0: /* 2 */
		now.woken[1] = 1;
#ifdef VAR_RANGES
		logval("woken[1]", ((int)now.woken[1]));
#endif
		;
S_1997_0: /* 2 */
		((P3 *)_this)->ready = (((int)((P3 *)_this)->ready)& ~((1<<1)));
#ifdef VAR_RANGES
		logval("Timer:ready", ((int)((P3 *)_this)->ready));
#endif
		;
		goto S_2105_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 74: // STATE 248 - limiter.pml:38 - [((ready&4))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][248] = 1;
		if (!((((int)((P3 *)_this)->ready)&4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 75: // STATE 252 - limiter.pml:29 - [D_STEP29]
		/* default 258 */
		

		reached[3][252] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_2001_0: /* 2 */
		spin_assert( !(((int)now.woken[2])), " !(woken[2])", II, tt, t);
S_2002_0: /* 2 */
		now.woken[2] = 1;
#ifdef VAR_RANGES
		logval("woken[2]", ((int)now.woken[2]));
#endif
		;
S_2003_0: /* 2 */
		((P3 *)_this)->ready = (((int)((P3 *)_this)->ready)& ~((1<<2)));
#ifdef VAR_RANGES
		logval("Timer:ready", ((int)((P3 *)_this)->ready));
#endif
		;
		goto S_2105_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 76: // STATE 254 - limiter.pml:39 - [((ready&8))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][254] = 1;
		if (!((((int)((P3 *)_this)->ready)&8)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 77: // STATE 258 - limiter.pml:29 - [D_STEP29]
		/* default 258 */
		

		reached[3][258] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_2007_0: /* 2 */
		spin_assert( !(((int)now.woken[3])), " !(woken[3])", II, tt, t);
S_2008_0: /* 2 */
		now.woken[3] = 1;
#ifdef VAR_RANGES
		logval("woken[3]", ((int)now.woken[3]));
#endif
		;
S_2009_0: /* 2 */
		((P3 *)_this)->ready = (((int)((P3 *)_this)->ready)& ~((1<<3)));
#ifdef VAR_RANGES
		logval("Timer:ready", ((int)((P3 *)_this)->ready));
#endif
		;
		goto S_2105_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 78: // STATE 260 - limiter.pml:41 - [(((ready==0)&&tends))] (349:0:2 - 1)
		IfNotBlocked
		reached[3][260] = 1;
		if (!(((((int)((P3 *)_this)->ready)==0)&&((int)((P3 *)_this)->tends))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: tends */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P3 *)_this)->tends;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P3 *)_this)->tends = 0;
		/* merge: tends = 0(0, 261, 349) */
		reached[3][261] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P3 *)_this)->tends);
		((P3 *)_this)->tends = 0;
#ifdef VAR_RANGES
		logval("Timer:tends", ((int)((P3 *)_this)->tends));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 79: // STATE 266 - limiter.pml:67 - [D_STEP67]
		/* default 258 */
		

		reached[3][266] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_2014_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_2015_0: /* 2 */
		((P3 *)_this)->done = (((int)now.timerTurns_)==0);
#ifdef VAR_RANGES
		logval("Timer:done", ((int)((P3 *)_this)->done));
#endif
		;
S_2016_0: /* 2 */
		now.timerTurns_ = (((int)now.timerTurns_)+1);
#ifdef VAR_RANGES
		logval("timerTurns_", ((int)now.timerTurns_));
#endif
		;
S_2017_0: /* 2 */
		((P3 *)_this)->index = 1;
#ifdef VAR_RANGES
		logval("Timer:index", ((int)((P3 *)_this)->index));
#endif
		;
		goto S_2098_0;
S_2098_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 80: // STATE 267 - limiter.pml:69 - [(done)] (342:0:2 - 1)
		IfNotBlocked
		reached[3][267] = 1;
		if (!(((int)((P3 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P3 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P3 *)_this)->done = 0;
		/* merge: done = 0(0, 268, 342) */
		reached[3][268] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P3 *)_this)->done);
		((P3 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Timer:done", ((int)((P3 *)_this)->done));
#endif
		;
		/* merge: .(goto)(0, 343, 342) */
		reached[3][343] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 81: // STATE 272 - admission.pml:79 - [D_STEP79]
		if (!(boq == -1 && ( !(((int)now.mutex_))||((int)now.freed))))
			continue;

		reached[3][272] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_2021_0: /* 2 */
		if (!(( !(((int)now.mutex_))||((int)now.freed))))
			Uerror("block in d_step seq");
S_2022_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_2023_0: /* 2 */
		now.mutex_ = 1;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_2028_0;
S_2028_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 82: // STATE 276 - admission.pml:613 - [D_STEP613]
		/* default 258 */
		

		reached[3][276] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_2026_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_2027_0: /* 2 */
		((P3 *)_this)->done = (((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2]))||(((int)now.requested_)&&(((now.word_>>6)!=0)||(((int)now.limit_)<((int)now.ceiling_)))));
#ifdef VAR_RANGES
		logval("Timer:done", ((int)((P3 *)_this)->done));
#endif
		;
		goto S_2029_0;
S_2029_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 83: // STATE 277 - admission.pml:614 - [requested_ = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[3][277] = 1;
		(trpt+1)->bup.oval = ((int)now.requested_);
		now.requested_ = 0;
#ifdef VAR_RANGES
		logval("requested_", ((int)now.requested_));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 84: // STATE 278 - admission.pml:616 - [((done&&timerAt_))] (0:0:1 - 1)
		IfNotBlocked
		reached[3][278] = 1;
		if (!((((int)((P3 *)_this)->done)&&((int)now.timerAt_))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P3 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P3 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 85: // STATE 279 - admission.pml:616 - [done = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[3][279] = 1;
		(trpt+1)->bup.oval = ((int)((P3 *)_this)->done);
		((P3 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Timer:done", ((int)((P3 *)_this)->done));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 86: // STATE 280 - admission.pml:617 - [((!(done)&&timerAt_))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][280] = 1;
		if (!(( !(((int)((P3 *)_this)->done))&&((int)now.timerAt_))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 87: // STATE 281 - admission.pml:617 - [more = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[3][281] = 1;
		(trpt+1)->bup.oval = ((int)((P3 *)_this)->more);
		((P3 *)_this)->more = 1;
#ifdef VAR_RANGES
		logval("Timer:more", ((int)((P3 *)_this)->more));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 88: // STATE 285 - admission.pml:621 - [((done||more))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][285] = 1;
		if (!((((int)((P3 *)_this)->done)||((int)((P3 *)_this)->more))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 89: // STATE 290 - admission.pml:622 - [D_STEP622]
		/* default 258 */
		

		reached[3][290] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_2038_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_2039_0: /* 2 */
		now.timerAt_ = ((int)((P3 *)_this)->done);
#ifdef VAR_RANGES
		logval("timerAt_", ((int)now.timerAt_));
#endif
		;
S_2040_0: /* 2 */
		now.timerGeneration_ = ((((int)now.timerGeneration_)+1)%8);
#ifdef VAR_RANGES
		logval("timerGeneration_", ((int)now.timerGeneration_));
#endif
		;
S_2041_0: /* 2 */
		((P3 *)_this)->generation = ((int)now.timerGeneration_);
#ifdef VAR_RANGES
		logval("Timer:generation", ((int)((P3 *)_this)->generation));
#endif
		;
		goto S_2054_0;
S_2054_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 90: // STATE 291 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][291] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 91: // STATE 294 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[3][294] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_2044_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_2045_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_2053_0;
S_2053_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 92: // STATE 295 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][295] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 93: // STATE 298 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[3][298] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_2048_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_2049_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_2053_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 94: // STATE 318 - admission.pml:84 - [D_STEP84]
		/* default 258 */
		

		reached[3][318] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_2058_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_2059_0: /* 2 */
		spin_assert(((now.word_>>6)==((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))), "((word_>>6)==((holds[0]+holds[1])+holds[2]))", II, tt, t);
S_2060_0: /* 2 */
		spin_assert((((int)now.queued_)==q_len(now.queue_)), "(queued_==q_len(queue_))", II, tt, t);
S_2061_0: /* 2 */
		spin_assert((((now.word_&1)!=0)==(q_len(now.queue_)!=0)), "(((word_&1)!=0)==(q_len(queue_)!=0))", II, tt, t);
S_2067_0: /* 2 */
S_2062_0: /* 2 */
		if (!((q_len(now.queue_)!=0)))
			goto S_2067_1;
S_2063_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P3 *)_this)->head = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Timer:head", ((int)((P3 *)_this)->head));
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P3 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_2064_0: /* 2 */
		spin_assert((((int)now.slicing)||(((now.word_>>6)+((int)now.weightOf[ Index(((int)((P3 *)_this)->head), 4) ]))>((int)now.limit_))), "(slicing||(((word_>>6)+weightOf[head])>limit_))", II, tt, t);
S_2065_0: /* 2 */
		((P3 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Timer:head", ((int)((P3 *)_this)->head));
#endif
		;
		goto S_2068_0;
S_2067_1: /* 3 */
S_2066_0: /* 2 */
		/* else */;
		goto S_2068_0;
S_2067_2: /* 3 */
		Uerror("blocking sel in d_step (nr.6, near line 89)");
S_2068_0: /* 2 */
S_2069_0: /* 2 */
		now.mutex_ = 0;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_2078_0;
S_2078_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 95: // STATE 321 - limiter.pml:85 - [(done)] (0:0:1 - 1)
		IfNotBlocked
		reached[3][321] = 1;
		if (!(((int)((P3 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P3 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P3 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 96: // STATE 322 - limiter.pml:85 - [timer = (generation+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[3][322] = 1;
		(trpt+1)->bup.oval = ((int)now.timer);
		now.timer = (((int)((P3 *)_this)->generation)+1);
#ifdef VAR_RANGES
		logval("timer", ((int)now.timer));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 97: // STATE 323 - limiter.pml:86 - [(more)] (0:0:1 - 1)
		IfNotBlocked
		reached[3][323] = 1;
		if (!(((int)((P3 *)_this)->more)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: more */  (trpt+1)->bup.oval = ((P3 *)_this)->more;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P3 *)_this)->more = 0;
		_m = 3; goto P999; /* 0 */
	case 98: // STATE 324 - limiter.pml:86 - [timer = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[3][324] = 1;
		(trpt+1)->bup.oval = ((int)now.timer);
		now.timer = 0;
#ifdef VAR_RANGES
		logval("timer", ((int)now.timer));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 99: // STATE 331 - limiter.pml:89 - [D_STEP89]
		IfNotBlocked

		reached[3][331] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_2080_0: /* 2 */
		((P3 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Timer:done", ((int)((P3 *)_this)->done));
#endif
		;
S_2081_0: /* 2 */
		((P3 *)_this)->more = 0;
#ifdef VAR_RANGES
		logval("Timer:more", ((int)((P3 *)_this)->more));
#endif
		;
S_2082_0: /* 2 */
		((P3 *)_this)->generation = 0;
#ifdef VAR_RANGES
		logval("Timer:generation", ((int)((P3 *)_this)->generation));
#endif
		;
		goto S_2088_0;
S_2088_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 100: // STATE 336 - limiter.pml:73 - [D_STEP73]
		/* default 258 */
		

		reached[3][336] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_2085_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_2086_0: /* 2 */
		now.timerTurns_ = (((int)now.timerTurns_)-((int)((P3 *)_this)->index));
#ifdef VAR_RANGES
		logval("timerTurns_", ((int)now.timerTurns_));
#endif
		;
S_2087_0: /* 2 */
		((P3 *)_this)->index = ((int)now.timerTurns_);
#ifdef VAR_RANGES
		logval("Timer:index", ((int)((P3 *)_this)->index));
#endif
		;
		goto S_2092_0;
S_2092_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 101: // STATE 337 - limiter.pml:74 - [((index==0))] (352:0:2 - 1)
		IfNotBlocked
		reached[3][337] = 1;
		if (!((((int)((P3 *)_this)->index)==0)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: index */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P3 *)_this)->index;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P3 *)_this)->index = 0;
		/* merge: goto :b27(352, 338, 352) */
		reached[3][338] = 1;
		;
		/* merge: index = 0(352, 348, 352) */
		reached[3][348] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P3 *)_this)->index);
		((P3 *)_this)->index = 0;
#ifdef VAR_RANGES
		logval("Timer:index", ((int)((P3 *)_this)->index));
#endif
		;
		/* merge: .(goto)(0, 353, 352) */
		reached[3][353] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 102: // STATE 348 - limiter.pml:78 - [index = 0] (0:352:1 - 5)
		IfNotBlocked
		reached[3][348] = 1;
		(trpt+1)->bup.oval = ((int)((P3 *)_this)->index);
		((P3 *)_this)->index = 0;
#ifdef VAR_RANGES
		logval("Timer:index", ((int)((P3 *)_this)->index));
#endif
		;
		/* merge: .(goto)(0, 353, 352) */
		reached[3][353] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 103: // STATE 350 - limiter.pml:43 - [(((ready==0)&&!(tends)))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][350] = 1;
		if (!(((((int)((P3 *)_this)->ready)==0)&& !(((int)((P3 *)_this)->tends)))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 104: // STATE 355 - limiter.pml:45 - [(lastOut)] (367:0:2 - 1)
		IfNotBlocked
		reached[3][355] = 1;
		if (!(((int)((P3 *)_this)->lastOut)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: lastOut */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P3 *)_this)->lastOut;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P3 *)_this)->lastOut = 0;
		/* merge: lastOut = 0(0, 356, 367) */
		reached[3][356] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P3 *)_this)->lastOut);
		((P3 *)_this)->lastOut = 0;
#ifdef VAR_RANGES
		logval("Timer:lastOut", ((int)((P3 *)_this)->lastOut));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 105: // STATE 366 - limiter.pml:14 - [D_STEP14]
		/* default 258 */
		

		reached[3][366] = 1;
		reached[3][t->st] = 1;
		reached[3][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_2109_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_2110_0: /* 2 */
		now.references_ = (((int)now.references_)-1);
#ifdef VAR_RANGES
		logval("references_", ((int)now.references_));
#endif
		;
S_2116_0: /* 2 */
S_2111_0: /* 2 */
		if (!((((int)now.references_)==0)))
			goto S_2116_1;
S_2112_0: /* 2 */
		spin_assert((( !(((int)now.mutex_))&&(q_len(now.queue_)==0))&&(q_len(now.drains_)==0)), "(( !(mutex_)&&(q_len(queue_)==0))&&(q_len(drains_)==0))", II, tt, t);
S_2113_0: /* 2 */
		spin_assert((((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))==0), "(((holds[0]+holds[1])+holds[2])==0)", II, tt, t);
S_2114_0: /* 2 */
		now.freed = 1;
#ifdef VAR_RANGES
		logval("freed", ((int)now.freed));
#endif
		;
		goto S_2117_0;
S_2116_1: /* 3 */
S_2115_0: /* 2 */
		/* else */;
		goto S_2117_0;
S_2116_2: /* 3 */
		Uerror("blocking sel in d_step (nr.7, near line 17)");
S_2117_0: /* 2 */
		goto S_2122_0;
S_2122_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 106: // STATE 373 - bulkhead.pml:251 - [(more)] (379:0:2 - 1)
		IfNotBlocked
		reached[3][373] = 1;
		if (!(((int)((P3 *)_this)->more)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: more */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P3 *)_this)->more;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P3 *)_this)->more = 0;
		/* merge: more = 0(0, 374, 379) */
		reached[3][374] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P3 *)_this)->more);
		((P3 *)_this)->more = 0;
#ifdef VAR_RANGES
		logval("Timer:more", ((int)((P3 *)_this)->more));
#endif
		;
		/* merge: .(goto)(0, 378, 379) */
		reached[3][378] = 1;
		;
		/* merge: .(goto)(0, 380, 379) */
		reached[3][380] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 107: // STATE 382 - bulkhead.pml:253 - [now = 0] (0:386:2 - 3)
		IfNotBlocked
		reached[3][382] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P3 *)_this)->now);
		((P3 *)_this)->now = 0;
#ifdef VAR_RANGES
		logval("Timer:now", ((int)((P3 *)_this)->now));
#endif
		;
		/* merge: number = 0(386, 383, 386) */
		reached[3][383] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P3 *)_this)->number);
		((P3 *)_this)->number = 0;
#ifdef VAR_RANGES
		logval("Timer:number", ((int)((P3 *)_this)->number));
#endif
		;
		/* merge: .(goto)(0, 387, 386) */
		reached[3][387] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 108: // STATE 384 - bulkhead.pml:254 - [(((ended==3)&&((timer==0)||(clock==0))))] (0:0:0 - 1)
		IfNotBlocked
		reached[3][384] = 1;
		if (!(((((int)now.ended)==3)&&((((int)now.timer)==0)||(((int)now.clock)==0)))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 109: // STATE 389 - bulkhead.pml:256 - [-end-] (0:0:0 - 3)
		IfNotBlocked
		reached[3][389] = 1;
		if (!delproc(1, II)) continue;
		_m = 3; goto P999; /* 0 */

		 /* PROC Clock */
	case 110: // STATE 1 - bulkhead.pml:238 - [clock = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[2][1] = 1;
		(trpt+1)->bup.oval = ((int)now.clock);
		now.clock = 1;
#ifdef VAR_RANGES
		logval("clock", ((int)now.clock));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 111: // STATE 5 - bulkhead.pml:239 - [-end-] (0:0:0 - 3)
		IfNotBlocked
		reached[2][5] = 1;
		if (!delproc(1, II)) continue;
		_m = 3; goto P999; /* 0 */

		 /* PROC Controller */
	case 112: // STATE 1 - bulkhead.pml:171 - [((changes<=1))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][1] = 1;
		if (!((((int)((P1 *)_this)->changes)<=1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 113: // STATE 2 - bulkhead.pml:173 - [((changes==1))] (13:0:2 - 1)
		IfNotBlocked
		reached[1][2] = 1;
		if (!((((int)((P1 *)_this)->changes)==1)))
			continue;
		/* merge: permits = 2(13, 3, 13) */
		reached[1][3] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P1 *)_this)->permits);
		((P1 *)_this)->permits = 2;
#ifdef VAR_RANGES
		logval("Controller:permits", ((int)((P1 *)_this)->permits));
#endif
		;
		/* merge: .(goto)(13, 11, 13) */
		reached[1][11] = 1;
		;
		/* merge: changes = (changes+1)(13, 12, 13) */
		reached[1][12] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->changes);
		((P1 *)_this)->changes = (((int)((P1 *)_this)->changes)+1);
#ifdef VAR_RANGES
		logval("Controller:changes", ((int)((P1 *)_this)->changes));
#endif
		;
		_m = 3; goto P999; /* 3 */
	case 114: // STATE 4 - bulkhead.pml:174 - [((changes<1))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][4] = 1;
		if (!((((int)((P1 *)_this)->changes)<1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 115: // STATE 5 - bulkhead.pml:174 - [permits = 0] (0:13:2 - 1)
		IfNotBlocked
		reached[1][5] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P1 *)_this)->permits);
		((P1 *)_this)->permits = 0;
#ifdef VAR_RANGES
		logval("Controller:permits", ((int)((P1 *)_this)->permits));
#endif
		;
		/* merge: .(goto)(13, 9, 13) */
		reached[1][9] = 1;
		;
		/* merge: .(goto)(13, 11, 13) */
		reached[1][11] = 1;
		;
		/* merge: changes = (changes+1)(13, 12, 13) */
		reached[1][12] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->changes);
		((P1 *)_this)->changes = (((int)((P1 *)_this)->changes)+1);
#ifdef VAR_RANGES
		logval("Controller:changes", ((int)((P1 *)_this)->changes));
#endif
		;
		_m = 3; goto P999; /* 3 */
	case 116: // STATE 6 - bulkhead.pml:174 - [permits = 1] (0:13:2 - 1)
		IfNotBlocked
		reached[1][6] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P1 *)_this)->permits);
		((P1 *)_this)->permits = 1;
#ifdef VAR_RANGES
		logval("Controller:permits", ((int)((P1 *)_this)->permits));
#endif
		;
		/* merge: .(goto)(13, 9, 13) */
		reached[1][9] = 1;
		;
		/* merge: .(goto)(13, 11, 13) */
		reached[1][11] = 1;
		;
		/* merge: changes = (changes+1)(13, 12, 13) */
		reached[1][12] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->changes);
		((P1 *)_this)->changes = (((int)((P1 *)_this)->changes)+1);
#ifdef VAR_RANGES
		logval("Controller:changes", ((int)((P1 *)_this)->changes));
#endif
		;
		_m = 3; goto P999; /* 3 */
	case 117: // STATE 7 - bulkhead.pml:174 - [permits = 3] (0:13:2 - 1)
		IfNotBlocked
		reached[1][7] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P1 *)_this)->permits);
		((P1 *)_this)->permits = 3;
#ifdef VAR_RANGES
		logval("Controller:permits", ((int)((P1 *)_this)->permits));
#endif
		;
		/* merge: .(goto)(13, 9, 13) */
		reached[1][9] = 1;
		;
		/* merge: .(goto)(13, 11, 13) */
		reached[1][11] = 1;
		;
		/* merge: changes = (changes+1)(13, 12, 13) */
		reached[1][12] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->changes);
		((P1 *)_this)->changes = (((int)((P1 *)_this)->changes)+1);
#ifdef VAR_RANGES
		logval("Controller:changes", ((int)((P1 *)_this)->changes));
#endif
		;
		_m = 3; goto P999; /* 3 */
	case 118: // STATE 12 - bulkhead.pml:176 - [changes = (changes+1)] (0:13:1 - 6)
		IfNotBlocked
		reached[1][12] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->changes);
		((P1 *)_this)->changes = (((int)((P1 *)_this)->changes)+1);
#ifdef VAR_RANGES
		logval("Controller:changes", ((int)((P1 *)_this)->changes));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 119: // STATE 13 - bulkhead.pml:177 - [now = clock] (0:0:1 - 1)
		IfNotBlocked
		reached[1][13] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->now);
		((P1 *)_this)->now = ((int)now.clock);
#ifdef VAR_RANGES
		logval("Controller:now", ((int)((P1 *)_this)->now));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 120: // STATE 16 - limiter.pml:10 - [D_STEP10]
		/* default 258 */
		

		reached[1][16] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1365_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1366_0: /* 2 */
		now.references_ = (((int)now.references_)+1);
#ifdef VAR_RANGES
		logval("references_", ((int)now.references_));
#endif
		;
		goto S_1592_0;
S_1592_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 121: // STATE 21 - admission.pml:79 - [D_STEP79]
		if (!(boq == -1 && ( !(((int)now.mutex_))||((int)now.freed))))
			continue;

		reached[1][21] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1369_0: /* 2 */
		if (!(( !(((int)now.mutex_))||((int)now.freed))))
			Uerror("block in d_step seq");
S_1370_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1371_0: /* 2 */
		now.mutex_ = 1;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_1376_0;
S_1376_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 122: // STATE 25 - admission.pml:425 - [D_STEP425]
		/* default 258 */
		

		reached[1][25] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1374_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1375_0: /* 2 */
		now.effectiveLimit_ = ((int)((P1 *)_this)->permits);
#ifdef VAR_RANGES
		logval("effectiveLimit_", ((int)now.effectiveLimit_));
#endif
		;
		goto S_1409_0;
S_1409_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 123: // STATE 29 - admission.pml:435 - [D_STEP435]
		/* default 258 */
		

		reached[1][29] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1377_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1378_0: /* 2 */
		now.limitBefore = ((int)now.limit_);
#ifdef VAR_RANGES
		logval("limitBefore", ((int)now.limitBefore));
#endif
		;
S_1379_0: /* 2 */
		now.limit_ = ( ((((int)now.ceiling_)<((int)now.effectiveLimit_))) ? (((int)now.ceiling_)) : (((int)now.effectiveLimit_)) );
#ifdef VAR_RANGES
		logval("limit_", ((int)now.limit_));
#endif
		;
		goto S_1383_0;
S_1383_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 124: // STATE 32 - admission.pml:443 - [D_STEP443]
		/* default 258 */
		

		reached[1][32] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1381_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1382_0: /* 2 */
		((P1 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Controller:word", ((P1 *)_this)->word);
#endif
		;
		goto S_1406_0;
S_1406_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 125: // STATE 33 - admission.pml:445 - [next = ((word&~(48))|((word+16)&48))] (0:0:1 - 1)
		IfNotBlocked
		reached[1][33] = 1;
		(trpt+1)->bup.oval = ((P1 *)_this)->next;
		((P1 *)_this)->next = ((((P1 *)_this)->word& ~(48))|((((P1 *)_this)->word+16)&48));
#ifdef VAR_RANGES
		logval("Controller:next", ((P1 *)_this)->next);
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 126: // STATE 47 - admission.pml:446 - [D_STEP446]
		/* default 258 */
		

		reached[1][47] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1386_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1396_0: /* 2 */
S_1387_0: /* 2 */
		if (!((now.word_==((P1 *)_this)->word)))
			goto S_1396_1;
S_1388_0: /* 2 */
		now.word_ = ((P1 *)_this)->next;
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
S_1389_0: /* 2 */
		now.limitBefore = ((int)now.limit_);
#ifdef VAR_RANGES
		logval("limitBefore", ((int)now.limitBefore));
#endif
		;
S_1390_0: /* 2 */
		((P1 *)_this)->next = 0;
#ifdef VAR_RANGES
		logval("Controller:next", ((P1 *)_this)->next);
#endif
		;
S_1391_0: /* 2 */
		((P1 *)_this)->word = 0;
#ifdef VAR_RANGES
		logval("Controller:word", ((P1 *)_this)->word);
#endif
		;
S_1392_0: /* 2 */
		((P1 *)_this)->done = 1;
#ifdef VAR_RANGES
		logval("Controller:done", ((int)((P1 *)_this)->done));
#endif
		;
		goto S_1397_0;
S_1396_1: /* 3 */
S_1393_0: /* 2 */
		/* else */;
S_1394_0: /* 2 */
		((P1 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Controller:word", ((P1 *)_this)->word);
#endif
		;
S_1395_0: /* 2 */
		((P1 *)_this)->next = 0;
#ifdef VAR_RANGES
		logval("Controller:next", ((P1 *)_this)->next);
#endif
		;
		goto S_1397_0;
S_1396_2: /* 3 */
		Uerror("blocking sel in d_step (nr.8, near line 448)");
S_1397_0: /* 2 */
		goto S_1403_0;
S_1403_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 127: // STATE 48 - admission.pml:453 - [(done)] (57:0:2 - 1)
		IfNotBlocked
		reached[1][48] = 1;
		if (!(((int)((P1 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P1 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P1 *)_this)->done = 0;
		/* merge: done = 0(0, 49, 57) */
		reached[1][49] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->done);
		((P1 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Controller:done", ((int)((P1 *)_this)->done));
#endif
		;
		/* merge: goto :b18(0, 50, 57) */
		reached[1][50] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 128: // STATE 59 - admission.pml:482 - [(((queued_!=0)||(len(drains_)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][59] = 1;
		if (!(((((int)now.queued_)!=0)||(q_len(now.drains_)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 129: // STATE 60 - admission.pml:499 - [(((now==1)&&((deadline[0]||deadline[1])||deadline[2])))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][60] = 1;
		if (!(((((int)((P1 *)_this)->now)==1)&&((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 130: // STATE 61 - admission.pml:490 - [(deadline[0])] (0:0:0 - 1)
		IfNotBlocked
		reached[1][61] = 1;
		if (!(((int)now.deadline[0])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 131: // STATE 62 - admission.pml:490 - [head = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[1][62] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->head);
		((P1 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Controller:head", ((int)((P1 *)_this)->head));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 132: // STATE 63 - admission.pml:491 - [(deadline[1])] (0:0:0 - 1)
		IfNotBlocked
		reached[1][63] = 1;
		if (!(((int)now.deadline[1])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 133: // STATE 64 - admission.pml:491 - [head = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[1][64] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->head);
		((P1 *)_this)->head = 1;
#ifdef VAR_RANGES
		logval("Controller:head", ((int)((P1 *)_this)->head));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 134: // STATE 65 - admission.pml:492 - [(deadline[2])] (0:0:0 - 1)
		IfNotBlocked
		reached[1][65] = 1;
		if (!(((int)now.deadline[2])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 135: // STATE 66 - admission.pml:492 - [head = 2] (0:0:1 - 1)
		IfNotBlocked
		reached[1][66] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->head);
		((P1 *)_this)->head = 2;
#ifdef VAR_RANGES
		logval("Controller:head", ((int)((P1 *)_this)->head));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 136: // STATE 91 - admission.pml:546 - [D_STEP546]
		/* default 258 */
		

		reached[1][91] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1421_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1422_0: /* 2 */
		spin_assert((now.verdict[ Index(((int)((P1 *)_this)->head), 4) ]==9), "(verdict[head]==9)", II, tt, t);
S_1423_0: /* 2 */
		now.verdict[ Index(((P1 *)_this)->head, 4) ] = 6;
#ifdef VAR_RANGES
		logval("verdict[Controller:head]", now.verdict[ Index(((int)((P1 *)_this)->head), 4) ]);
#endif
		;
S_1424_0: /* 2 */
		linked[ Index(((P1 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("linked[Controller:head]", ((int)linked[ Index(((int)((P1 *)_this)->head), 4) ]));
#endif
		;
S_1425_0: /* 2 */
		now.deadline[ Index(((P1 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("deadline[Controller:head]", ((int)now.deadline[ Index(((int)((P1 *)_this)->head), 4) ]));
#endif
		;
S_1439_0: /* 2 */
S_1426_0: /* 2 */
		if (!((((int)((P1 *)_this)->head)==3)))
			goto S_1439_1;
S_1427_0: /* 2 */
		if (q_len(now.drains_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.drains_, 1, ((int)((P1 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.drains_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.drains_);
		sprintf(simtmp, "%d", ((int)((P1 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
		goto S_1440_0;
S_1439_1: /* 3 */
S_1428_0: /* 2 */
		/* else */;
S_1435_0: /* 2 */
S_1429_0: /* 2 */
		if (!((6==8)))
			goto S_1435_1;
S_1430_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P1 *)_this)->next = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Controller:next", ((P1 *)_this)->next);
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((P1 *)_this)->next); strcat(simvals, simtmp);		}
#endif
		;
S_1431_0: /* 2 */
		spin_assert((((P1 *)_this)->next==((int)((P1 *)_this)->head)), "(next==head)", II, tt, t);
S_1432_0: /* 2 */
		((P1 *)_this)->next = 0;
#ifdef VAR_RANGES
		logval("Controller:next", ((P1 *)_this)->next);
#endif
		;
S_1433_0: /* 2 */
		now.holds[ Index(((P1 *)_this)->head, 4) ] = ((int)now.weightOf[ Index(((int)((P1 *)_this)->head), 4) ]);
#ifdef VAR_RANGES
		logval("holds[Controller:head]", ((int)now.holds[ Index(((int)((P1 *)_this)->head), 4) ]));
#endif
		;
		goto S_1436_0;
S_1435_1: /* 3 */
S_1434_0: /* 2 */
		/* else */;
		goto S_1436_0;
S_1435_2: /* 3 */
		Uerror("blocking sel in d_step (nr.9, near line 557)");
S_1436_0: /* 2 */
S_1437_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.queue_, 1, ((int)((P1 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.queue_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P1 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_1438_0: /* 2 */
		now.queued_ = (((int)now.queued_)-1);
#ifdef VAR_RANGES
		logval("queued_", ((int)now.queued_));
#endif
		;
		goto S_1440_0;
S_1439_2: /* 3 */
		Uerror("blocking sel in d_step (nr.10, near line 554)");
S_1440_0: /* 2 */
S_1441_0: /* 2 */
		((P1 *)_this)->ready = (((int)((P1 *)_this)->ready)|(1<<((int)((P1 *)_this)->head)));
#ifdef VAR_RANGES
		logval("Controller:ready", ((int)((P1 *)_this)->ready));
#endif
		;
		goto S_1448_0;
S_1448_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 137: // STATE 92 - admission.pml:569 - [(((head!=3)&&(queued_==0)))] (0:0:1 - 1)
		IfNotBlocked
		reached[1][92] = 1;
		if (!(((((int)((P1 *)_this)->head)!=3)&&(((int)now.queued_)==0))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: head */  (trpt+1)->bup.oval = ((P1 *)_this)->head;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P1 *)_this)->head = 0;
		_m = 3; goto P999; /* 0 */
	case 138: // STATE 95 - admission.pml:569 - [D_STEP569]
		/* default 258 */
		

		reached[1][95] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1444_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1445_0: /* 2 */
		now.word_ = (now.word_& ~(1));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1449_0;
S_1449_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 139: // STATE 100 - admission.pml:499 - [head = 0] (0:103:1 - 3)
		IfNotBlocked
		reached[1][100] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->head);
		((P1 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Controller:head", ((int)((P1 *)_this)->head));
#endif
		;
		/* merge: .(goto)(0, 104, 103) */
		reached[1][104] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 140: // STATE 106 - admission.pml:502 - [slicing = 0] (0:0:1 - 3)
		IfNotBlocked
		reached[1][106] = 1;
		(trpt+1)->bup.oval = ((int)now.slicing);
		now.slicing = 0;
#ifdef VAR_RANGES
		logval("slicing", ((int)now.slicing));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 141: // STATE 108 - admission.pml:510 - [((len(queue_)!=0))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][108] = 1;
		if (!((q_len(now.queue_)!=0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 142: // STATE 114 - admission.pml:511 - [D_STEP511]
		/* default 258 */
		

		reached[1][114] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1460_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1461_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P1 *)_this)->head = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Controller:head", ((int)((P1 *)_this)->head));
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P1 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_1462_0: /* 2 */
		((P1 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Controller:word", ((P1 *)_this)->word);
#endif
		;
S_1463_0: /* 2 */
		((P1 *)_this)->done = (((int)now.weightOf[ Index(((int)((P1 *)_this)->head), 4) ])<=(((int)now.limit_)-(((P1 *)_this)->word>>6)));
#ifdef VAR_RANGES
		logval("Controller:done", ((int)((P1 *)_this)->done));
#endif
		;
S_1464_0: /* 2 */
		((P1 *)_this)->word = 0;
#ifdef VAR_RANGES
		logval("Controller:word", ((P1 *)_this)->word);
#endif
		;
		goto S_1507_0;
S_1507_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 143: // STATE 115 - admission.pml:523 - [(done)] (0:0:1 - 1)
		IfNotBlocked
		reached[1][115] = 1;
		if (!(((int)((P1 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P1 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P1 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 144: // STATE 121 - admission.pml:524 - [D_STEP524]
		/* default 258 */
		

		reached[1][121] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1467_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1468_0: /* 2 */
		now.word_ = (now.word_+(((int)now.weightOf[ Index(((int)((P1 *)_this)->head), 4) ])<<6));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
S_1469_0: /* 2 */
		spin_assert((((now.word_>>6)<=((int)now.limit_))||((now.word_>>6)<=((int)now.limitBefore))), "(((word_>>6)<=limit_)||((word_>>6)<=limitBefore))", II, tt, t);
S_1470_0: /* 2 */
		((P1 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Controller:done", ((int)((P1 *)_this)->done));
#endif
		;
S_1471_0: /* 2 */
		((P1 *)_this)->begins = 1;
#ifdef VAR_RANGES
		logval("Controller:begins", ((int)((P1 *)_this)->begins));
#endif
		;
		goto S_1502_0;
S_1502_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 145: // STATE 143 - admission.pml:546 - [D_STEP546]
		/* default 258 */
		

		reached[1][143] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1473_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1474_0: /* 2 */
		spin_assert((now.verdict[ Index(((int)((P1 *)_this)->head), 4) ]==9), "(verdict[head]==9)", II, tt, t);
S_1475_0: /* 2 */
		now.verdict[ Index(((P1 *)_this)->head, 4) ] = 8;
#ifdef VAR_RANGES
		logval("verdict[Controller:head]", now.verdict[ Index(((int)((P1 *)_this)->head), 4) ]);
#endif
		;
S_1476_0: /* 2 */
		linked[ Index(((P1 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("linked[Controller:head]", ((int)linked[ Index(((int)((P1 *)_this)->head), 4) ]));
#endif
		;
S_1477_0: /* 2 */
		now.deadline[ Index(((P1 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("deadline[Controller:head]", ((int)now.deadline[ Index(((int)((P1 *)_this)->head), 4) ]));
#endif
		;
S_1491_0: /* 2 */
S_1478_0: /* 2 */
		if (!((((int)((P1 *)_this)->head)==3)))
			goto S_1491_1;
S_1479_0: /* 2 */
		if (q_len(now.drains_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.drains_, 1, ((int)((P1 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.drains_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.drains_);
		sprintf(simtmp, "%d", ((int)((P1 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
		goto S_1492_0;
S_1491_1: /* 3 */
S_1480_0: /* 2 */
		/* else */;
S_1487_0: /* 2 */
S_1481_0: /* 2 */
		if (!((8==8)))
			goto S_1487_1;
S_1482_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P1 *)_this)->next = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Controller:next", ((P1 *)_this)->next);
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((P1 *)_this)->next); strcat(simvals, simtmp);		}
#endif
		;
S_1483_0: /* 2 */
		spin_assert((((P1 *)_this)->next==((int)((P1 *)_this)->head)), "(next==head)", II, tt, t);
S_1484_0: /* 2 */
		((P1 *)_this)->next = 0;
#ifdef VAR_RANGES
		logval("Controller:next", ((P1 *)_this)->next);
#endif
		;
S_1485_0: /* 2 */
		now.holds[ Index(((P1 *)_this)->head, 4) ] = ((int)now.weightOf[ Index(((int)((P1 *)_this)->head), 4) ]);
#ifdef VAR_RANGES
		logval("holds[Controller:head]", ((int)now.holds[ Index(((int)((P1 *)_this)->head), 4) ]));
#endif
		;
		goto S_1488_0;
S_1487_1: /* 3 */
S_1486_0: /* 2 */
		/* else */;
		goto S_1488_0;
S_1487_2: /* 3 */
		Uerror("blocking sel in d_step (nr.11, near line 557)");
S_1488_0: /* 2 */
S_1489_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.queue_, 1, ((int)((P1 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.queue_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P1 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_1490_0: /* 2 */
		now.queued_ = (((int)now.queued_)-1);
#ifdef VAR_RANGES
		logval("queued_", ((int)now.queued_));
#endif
		;
		goto S_1492_0;
S_1491_2: /* 3 */
		Uerror("blocking sel in d_step (nr.12, near line 554)");
S_1492_0: /* 2 */
S_1493_0: /* 2 */
		((P1 *)_this)->ready = (((int)((P1 *)_this)->ready)|(1<<((int)((P1 *)_this)->head)));
#ifdef VAR_RANGES
		logval("Controller:ready", ((int)((P1 *)_this)->ready));
#endif
		;
		goto S_1500_0;
S_1500_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 146: // STATE 144 - admission.pml:569 - [(((head!=3)&&(queued_==0)))] (0:0:1 - 1)
		IfNotBlocked
		reached[1][144] = 1;
		if (!(((((int)((P1 *)_this)->head)!=3)&&(((int)now.queued_)==0))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: head */  (trpt+1)->bup.oval = ((P1 *)_this)->head;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P1 *)_this)->head = 0;
		_m = 3; goto P999; /* 0 */
	case 147: // STATE 147 - admission.pml:569 - [D_STEP569]
		/* default 258 */
		

		reached[1][147] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1496_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1497_0: /* 2 */
		now.word_ = (now.word_& ~(1));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1501_0;
S_1501_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 148: // STATE 152 - admission.pml:534 - [head = 0] (0:160:1 - 3)
		IfNotBlocked
		reached[1][152] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->head);
		((P1 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Controller:head", ((int)((P1 *)_this)->head));
#endif
		;
		/* merge: .(goto)(0, 157, 160) */
		reached[1][157] = 1;
		;
		/* merge: .(goto)(0, 161, 160) */
		reached[1][161] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 149: // STATE 154 - admission.pml:535 - [head = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[1][154] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->head);
		((P1 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Controller:head", ((int)((P1 *)_this)->head));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 150: // STATE 169 - admission.pml:587 - [(((deadline[0]||deadline[1])||deadline[2]))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][169] = 1;
		if (!(((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2]))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 151: // STATE 170 - admission.pml:587 - [tends = (tends||!(timerAt_))] (0:0:1 - 1)
		IfNotBlocked
		reached[1][170] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->tends);
		((P1 *)_this)->tends = (((int)((P1 *)_this)->tends)|| !(((int)now.timerAt_)));
#ifdef VAR_RANGES
		logval("Controller:tends", ((int)((P1 *)_this)->tends));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 152: // STATE 171 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][171] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 153: // STATE 174 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[1][174] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1523_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1524_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1532_0;
S_1532_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 154: // STATE 175 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][175] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 155: // STATE 178 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[1][178] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1527_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1528_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1532_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 156: // STATE 183 - admission.pml:588 - [(((!(((deadline[0]||deadline[1])||deadline[2]))&&timerAt_)&&!(begins)))] (0:0:1 - 1)
		IfNotBlocked
		reached[1][183] = 1;
		if (!((( !(((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])))&&((int)now.timerAt_))&& !(((int)((P1 *)_this)->begins)))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: begins */  (trpt+1)->bup.oval = ((P1 *)_this)->begins;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P1 *)_this)->begins = 0;
		_m = 3; goto P999; /* 0 */
	case 157: // STATE 184 - admission.pml:588 - [tends = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[1][184] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->tends);
		((P1 *)_this)->tends = 1;
#ifdef VAR_RANGES
		logval("Controller:tends", ((int)((P1 *)_this)->tends));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 158: // STATE 185 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][185] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 159: // STATE 188 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[1][188] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1537_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1538_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1546_0;
S_1546_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 160: // STATE 189 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][189] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 161: // STATE 192 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[1][192] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1541_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1542_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1546_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 162: // STATE 197 - admission.pml:592 - [(((!(((deadline[0]||deadline[1])||deadline[2]))&&timerAt_)&&begins))] (0:0:1 - 1)
		IfNotBlocked
		reached[1][197] = 1;
		if (!((( !(((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])))&&((int)now.timerAt_))&&((int)((P1 *)_this)->begins))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: begins */  (trpt+1)->bup.oval = ((P1 *)_this)->begins;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P1 *)_this)->begins = 0;
		_m = 3; goto P999; /* 0 */
	case 163: // STATE 198 - admission.pml:604 - [((1&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][198] = 1;
		if (!((1&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 164: // STATE 201 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[1][201] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1550_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1551_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1559_0;
S_1559_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 165: // STATE 202 - admission.pml:605 - [((!(1)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][202] = 1;
		if (!(( !(1)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 166: // STATE 205 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[1][205] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1554_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1555_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1559_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 167: // STATE 210 - admission.pml:594 - [((!(((deadline[0]||deadline[1])||deadline[2]))&&!(timerAt_)))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][210] = 1;
		if (!(( !(((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])))&& !(((int)now.timerAt_)))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 168: // STATE 211 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][211] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 169: // STATE 214 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[1][214] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1563_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1564_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1572_0;
S_1572_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 170: // STATE 215 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][215] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 171: // STATE 218 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[1][218] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1567_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1568_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1572_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 172: // STATE 225 - admission.pml:596 - [begins = 0] (0:240:1 - 17)
		IfNotBlocked
		reached[1][225] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->begins);
		((P1 *)_this)->begins = 0;
#ifdef VAR_RANGES
		logval("Controller:begins", ((int)((P1 *)_this)->begins));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 173: // STATE 239 - admission.pml:84 - [D_STEP84]
		/* default 258 */
		

		reached[1][239] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1578_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1579_0: /* 2 */
		spin_assert(((now.word_>>6)==((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))), "((word_>>6)==((holds[0]+holds[1])+holds[2]))", II, tt, t);
S_1580_0: /* 2 */
		spin_assert((((int)now.queued_)==q_len(now.queue_)), "(queued_==q_len(queue_))", II, tt, t);
S_1581_0: /* 2 */
		spin_assert((((now.word_&1)!=0)==(q_len(now.queue_)!=0)), "(((word_&1)!=0)==(q_len(queue_)!=0))", II, tt, t);
S_1587_0: /* 2 */
S_1582_0: /* 2 */
		if (!((q_len(now.queue_)!=0)))
			goto S_1587_1;
S_1583_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P1 *)_this)->head = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Controller:head", ((int)((P1 *)_this)->head));
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P1 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_1584_0: /* 2 */
		spin_assert((((int)now.slicing)||(((now.word_>>6)+((int)now.weightOf[ Index(((int)((P1 *)_this)->head), 4) ]))>((int)now.limit_))), "(slicing||(((word_>>6)+weightOf[head])>limit_))", II, tt, t);
S_1585_0: /* 2 */
		((P1 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Controller:head", ((int)((P1 *)_this)->head));
#endif
		;
		goto S_1588_0;
S_1587_1: /* 3 */
S_1586_0: /* 2 */
		/* else */;
		goto S_1588_0;
S_1587_2: /* 3 */
		Uerror("blocking sel in d_step (nr.13, near line 89)");
S_1588_0: /* 2 */
S_1589_0: /* 2 */
		now.mutex_ = 0;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_1593_0;
S_1593_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 174: // STATE 242 - bulkhead.pml:180 - [permits = 0] (0:378:1 - 1)
		IfNotBlocked
		reached[1][242] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->permits);
		((P1 *)_this)->permits = 0;
#ifdef VAR_RANGES
		logval("Controller:permits", ((int)((P1 *)_this)->permits));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 175: // STATE 243 - limiter.pml:36 - [((ready&1))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][243] = 1;
		if (!((((int)((P1 *)_this)->ready)&1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 176: // STATE 247 - limiter.pml:29 - [D_STEP29]
		/* default 258 */
		

		reached[1][247] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1595_0: /* 2 */
		spin_assert( !(((int)now.woken[0])), " !(woken[0])", II, tt, t);
S_1596_0: /* 2 */
		now.woken[0] = 1;
#ifdef VAR_RANGES
		logval("woken[0]", ((int)now.woken[0]));
#endif
		;
S_1597_0: /* 2 */
		((P1 *)_this)->ready = (((int)((P1 *)_this)->ready)& ~((1<<0)));
#ifdef VAR_RANGES
		logval("Controller:ready", ((int)((P1 *)_this)->ready));
#endif
		;
		goto S_1711_0;
S_1711_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 177: // STATE 249 - limiter.pml:37 - [((ready&2))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][249] = 1;
		if (!((((int)((P1 *)_this)->ready)&2)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 178: // STATE 253 - limiter.pml:29 - [D_STEP29]
		/* default 258 */
		

		reached[1][253] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1601_0: /* 2 */
		spin_assert( !(((int)now.woken[1])), " !(woken[1])", II, tt, t);
S_1602_0: /* 2 */
		now.woken[1] = 1;
#ifdef VAR_RANGES
		logval("woken[1]", ((int)now.woken[1]));
#endif
		;
S_1603_0: /* 2 */
		((P1 *)_this)->ready = (((int)((P1 *)_this)->ready)& ~((1<<1)));
#ifdef VAR_RANGES
		logval("Controller:ready", ((int)((P1 *)_this)->ready));
#endif
		;
		goto S_1711_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 179: // STATE 255 - limiter.pml:38 - [((ready&4))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][255] = 1;
		if (!((((int)((P1 *)_this)->ready)&4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 180: // STATE 259 - limiter.pml:29 - [D_STEP29]
		/* default 258 */
		

		reached[1][259] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1607_0: /* 2 */
		spin_assert( !(((int)now.woken[2])), " !(woken[2])", II, tt, t);
S_1608_0: /* 2 */
		now.woken[2] = 1;
#ifdef VAR_RANGES
		logval("woken[2]", ((int)now.woken[2]));
#endif
		;
S_1609_0: /* 2 */
		((P1 *)_this)->ready = (((int)((P1 *)_this)->ready)& ~((1<<2)));
#ifdef VAR_RANGES
		logval("Controller:ready", ((int)((P1 *)_this)->ready));
#endif
		;
		goto S_1711_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 181: // STATE 261 - limiter.pml:39 - [((ready&8))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][261] = 1;
		if (!((((int)((P1 *)_this)->ready)&8)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 182: // STATE 265 - limiter.pml:29 - [D_STEP29]
		/* default 258 */
		

		reached[1][265] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1613_0: /* 2 */
		spin_assert( !(((int)now.woken[3])), " !(woken[3])", II, tt, t);
S_1614_0: /* 2 */
		now.woken[3] = 1;
#ifdef VAR_RANGES
		logval("woken[3]", ((int)now.woken[3]));
#endif
		;
S_1615_0: /* 2 */
		((P1 *)_this)->ready = (((int)((P1 *)_this)->ready)& ~((1<<3)));
#ifdef VAR_RANGES
		logval("Controller:ready", ((int)((P1 *)_this)->ready));
#endif
		;
		goto S_1711_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 183: // STATE 267 - limiter.pml:41 - [(((ready==0)&&tends))] (356:0:2 - 1)
		IfNotBlocked
		reached[1][267] = 1;
		if (!(((((int)((P1 *)_this)->ready)==0)&&((int)((P1 *)_this)->tends))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: tends */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P1 *)_this)->tends;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P1 *)_this)->tends = 0;
		/* merge: tends = 0(0, 268, 356) */
		reached[1][268] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->tends);
		((P1 *)_this)->tends = 0;
#ifdef VAR_RANGES
		logval("Controller:tends", ((int)((P1 *)_this)->tends));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 184: // STATE 273 - limiter.pml:67 - [D_STEP67]
		/* default 258 */
		

		reached[1][273] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1620_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1621_0: /* 2 */
		((P1 *)_this)->done = (((int)now.timerTurns_)==0);
#ifdef VAR_RANGES
		logval("Controller:done", ((int)((P1 *)_this)->done));
#endif
		;
S_1622_0: /* 2 */
		now.timerTurns_ = (((int)now.timerTurns_)+1);
#ifdef VAR_RANGES
		logval("timerTurns_", ((int)now.timerTurns_));
#endif
		;
S_1623_0: /* 2 */
		((P1 *)_this)->index = 1;
#ifdef VAR_RANGES
		logval("Controller:index", ((int)((P1 *)_this)->index));
#endif
		;
		goto S_1704_0;
S_1704_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 185: // STATE 274 - limiter.pml:69 - [(done)] (349:0:2 - 1)
		IfNotBlocked
		reached[1][274] = 1;
		if (!(((int)((P1 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P1 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P1 *)_this)->done = 0;
		/* merge: done = 0(0, 275, 349) */
		reached[1][275] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->done);
		((P1 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Controller:done", ((int)((P1 *)_this)->done));
#endif
		;
		/* merge: .(goto)(0, 350, 349) */
		reached[1][350] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 186: // STATE 279 - admission.pml:79 - [D_STEP79]
		if (!(boq == -1 && ( !(((int)now.mutex_))||((int)now.freed))))
			continue;

		reached[1][279] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1627_0: /* 2 */
		if (!(( !(((int)now.mutex_))||((int)now.freed))))
			Uerror("block in d_step seq");
S_1628_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1629_0: /* 2 */
		now.mutex_ = 1;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_1634_0;
S_1634_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 187: // STATE 283 - admission.pml:613 - [D_STEP613]
		/* default 258 */
		

		reached[1][283] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1632_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1633_0: /* 2 */
		((P1 *)_this)->done = (((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2]))||(((int)now.requested_)&&(((now.word_>>6)!=0)||(((int)now.limit_)<((int)now.ceiling_)))));
#ifdef VAR_RANGES
		logval("Controller:done", ((int)((P1 *)_this)->done));
#endif
		;
		goto S_1635_0;
S_1635_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 188: // STATE 284 - admission.pml:614 - [requested_ = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[1][284] = 1;
		(trpt+1)->bup.oval = ((int)now.requested_);
		now.requested_ = 0;
#ifdef VAR_RANGES
		logval("requested_", ((int)now.requested_));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 189: // STATE 285 - admission.pml:616 - [((done&&timerAt_))] (0:0:1 - 1)
		IfNotBlocked
		reached[1][285] = 1;
		if (!((((int)((P1 *)_this)->done)&&((int)now.timerAt_))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P1 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P1 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 190: // STATE 286 - admission.pml:616 - [done = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[1][286] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->done);
		((P1 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Controller:done", ((int)((P1 *)_this)->done));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 191: // STATE 287 - admission.pml:617 - [((!(done)&&timerAt_))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][287] = 1;
		if (!(( !(((int)((P1 *)_this)->done))&&((int)now.timerAt_))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 192: // STATE 288 - admission.pml:617 - [more = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[1][288] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->more);
		((P1 *)_this)->more = 1;
#ifdef VAR_RANGES
		logval("Controller:more", ((int)((P1 *)_this)->more));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 193: // STATE 292 - admission.pml:621 - [((done||more))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][292] = 1;
		if (!((((int)((P1 *)_this)->done)||((int)((P1 *)_this)->more))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 194: // STATE 297 - admission.pml:622 - [D_STEP622]
		/* default 258 */
		

		reached[1][297] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1644_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1645_0: /* 2 */
		now.timerAt_ = ((int)((P1 *)_this)->done);
#ifdef VAR_RANGES
		logval("timerAt_", ((int)now.timerAt_));
#endif
		;
S_1646_0: /* 2 */
		now.timerGeneration_ = ((((int)now.timerGeneration_)+1)%8);
#ifdef VAR_RANGES
		logval("timerGeneration_", ((int)now.timerGeneration_));
#endif
		;
S_1647_0: /* 2 */
		((P1 *)_this)->generation = ((int)now.timerGeneration_);
#ifdef VAR_RANGES
		logval("Controller:generation", ((int)((P1 *)_this)->generation));
#endif
		;
		goto S_1660_0;
S_1660_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 195: // STATE 298 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][298] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 196: // STATE 301 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[1][301] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1650_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1651_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1659_0;
S_1659_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 197: // STATE 302 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][302] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 198: // STATE 305 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[1][305] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1654_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1655_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1659_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 199: // STATE 325 - admission.pml:84 - [D_STEP84]
		/* default 258 */
		

		reached[1][325] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1664_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1665_0: /* 2 */
		spin_assert(((now.word_>>6)==((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))), "((word_>>6)==((holds[0]+holds[1])+holds[2]))", II, tt, t);
S_1666_0: /* 2 */
		spin_assert((((int)now.queued_)==q_len(now.queue_)), "(queued_==q_len(queue_))", II, tt, t);
S_1667_0: /* 2 */
		spin_assert((((now.word_&1)!=0)==(q_len(now.queue_)!=0)), "(((word_&1)!=0)==(q_len(queue_)!=0))", II, tt, t);
S_1673_0: /* 2 */
S_1668_0: /* 2 */
		if (!((q_len(now.queue_)!=0)))
			goto S_1673_1;
S_1669_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P1 *)_this)->head = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Controller:head", ((int)((P1 *)_this)->head));
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P1 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_1670_0: /* 2 */
		spin_assert((((int)now.slicing)||(((now.word_>>6)+((int)now.weightOf[ Index(((int)((P1 *)_this)->head), 4) ]))>((int)now.limit_))), "(slicing||(((word_>>6)+weightOf[head])>limit_))", II, tt, t);
S_1671_0: /* 2 */
		((P1 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Controller:head", ((int)((P1 *)_this)->head));
#endif
		;
		goto S_1674_0;
S_1673_1: /* 3 */
S_1672_0: /* 2 */
		/* else */;
		goto S_1674_0;
S_1673_2: /* 3 */
		Uerror("blocking sel in d_step (nr.14, near line 89)");
S_1674_0: /* 2 */
S_1675_0: /* 2 */
		now.mutex_ = 0;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_1684_0;
S_1684_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 200: // STATE 328 - limiter.pml:85 - [(done)] (0:0:1 - 1)
		IfNotBlocked
		reached[1][328] = 1;
		if (!(((int)((P1 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P1 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P1 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 201: // STATE 329 - limiter.pml:85 - [timer = (generation+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[1][329] = 1;
		(trpt+1)->bup.oval = ((int)now.timer);
		now.timer = (((int)((P1 *)_this)->generation)+1);
#ifdef VAR_RANGES
		logval("timer", ((int)now.timer));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 202: // STATE 330 - limiter.pml:86 - [(more)] (0:0:1 - 1)
		IfNotBlocked
		reached[1][330] = 1;
		if (!(((int)((P1 *)_this)->more)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: more */  (trpt+1)->bup.oval = ((P1 *)_this)->more;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P1 *)_this)->more = 0;
		_m = 3; goto P999; /* 0 */
	case 203: // STATE 331 - limiter.pml:86 - [timer = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[1][331] = 1;
		(trpt+1)->bup.oval = ((int)now.timer);
		now.timer = 0;
#ifdef VAR_RANGES
		logval("timer", ((int)now.timer));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 204: // STATE 338 - limiter.pml:89 - [D_STEP89]
		IfNotBlocked

		reached[1][338] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1686_0: /* 2 */
		((P1 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Controller:done", ((int)((P1 *)_this)->done));
#endif
		;
S_1687_0: /* 2 */
		((P1 *)_this)->more = 0;
#ifdef VAR_RANGES
		logval("Controller:more", ((int)((P1 *)_this)->more));
#endif
		;
S_1688_0: /* 2 */
		((P1 *)_this)->generation = 0;
#ifdef VAR_RANGES
		logval("Controller:generation", ((int)((P1 *)_this)->generation));
#endif
		;
		goto S_1694_0;
S_1694_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 205: // STATE 343 - limiter.pml:73 - [D_STEP73]
		/* default 258 */
		

		reached[1][343] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1691_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1692_0: /* 2 */
		now.timerTurns_ = (((int)now.timerTurns_)-((int)((P1 *)_this)->index));
#ifdef VAR_RANGES
		logval("timerTurns_", ((int)now.timerTurns_));
#endif
		;
S_1693_0: /* 2 */
		((P1 *)_this)->index = ((int)now.timerTurns_);
#ifdef VAR_RANGES
		logval("Controller:index", ((int)((P1 *)_this)->index));
#endif
		;
		goto S_1698_0;
S_1698_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 206: // STATE 344 - limiter.pml:74 - [((index==0))] (359:0:2 - 1)
		IfNotBlocked
		reached[1][344] = 1;
		if (!((((int)((P1 *)_this)->index)==0)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: index */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P1 *)_this)->index;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P1 *)_this)->index = 0;
		/* merge: goto :b22(359, 345, 359) */
		reached[1][345] = 1;
		;
		/* merge: index = 0(359, 355, 359) */
		reached[1][355] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->index);
		((P1 *)_this)->index = 0;
#ifdef VAR_RANGES
		logval("Controller:index", ((int)((P1 *)_this)->index));
#endif
		;
		/* merge: .(goto)(0, 360, 359) */
		reached[1][360] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 207: // STATE 355 - limiter.pml:78 - [index = 0] (0:359:1 - 5)
		IfNotBlocked
		reached[1][355] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->index);
		((P1 *)_this)->index = 0;
#ifdef VAR_RANGES
		logval("Controller:index", ((int)((P1 *)_this)->index));
#endif
		;
		/* merge: .(goto)(0, 360, 359) */
		reached[1][360] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 208: // STATE 357 - limiter.pml:43 - [(((ready==0)&&!(tends)))] (0:0:0 - 1)
		IfNotBlocked
		reached[1][357] = 1;
		if (!(((((int)((P1 *)_this)->ready)==0)&& !(((int)((P1 *)_this)->tends)))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 209: // STATE 362 - limiter.pml:45 - [(lastOut)] (374:0:2 - 1)
		IfNotBlocked
		reached[1][362] = 1;
		if (!(((int)((P1 *)_this)->lastOut)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: lastOut */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P1 *)_this)->lastOut;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P1 *)_this)->lastOut = 0;
		/* merge: lastOut = 0(0, 363, 374) */
		reached[1][363] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P1 *)_this)->lastOut);
		((P1 *)_this)->lastOut = 0;
#ifdef VAR_RANGES
		logval("Controller:lastOut", ((int)((P1 *)_this)->lastOut));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 210: // STATE 373 - limiter.pml:14 - [D_STEP14]
		/* default 258 */
		

		reached[1][373] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1715_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1716_0: /* 2 */
		now.references_ = (((int)now.references_)-1);
#ifdef VAR_RANGES
		logval("references_", ((int)now.references_));
#endif
		;
S_1722_0: /* 2 */
S_1717_0: /* 2 */
		if (!((((int)now.references_)==0)))
			goto S_1722_1;
S_1718_0: /* 2 */
		spin_assert((( !(((int)now.mutex_))&&(q_len(now.queue_)==0))&&(q_len(now.drains_)==0)), "(( !(mutex_)&&(q_len(queue_)==0))&&(q_len(drains_)==0))", II, tt, t);
S_1719_0: /* 2 */
		spin_assert((((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))==0), "(((holds[0]+holds[1])+holds[2])==0)", II, tt, t);
S_1720_0: /* 2 */
		now.freed = 1;
#ifdef VAR_RANGES
		logval("freed", ((int)now.freed));
#endif
		;
		goto S_1723_0;
S_1722_1: /* 3 */
S_1721_0: /* 2 */
		/* else */;
		goto S_1723_0;
S_1722_2: /* 3 */
		Uerror("blocking sel in d_step (nr.15, near line 17)");
S_1723_0: /* 2 */
		goto S_1728_0;
S_1728_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 211: // STATE 388 - limiter.pml:14 - [D_STEP14]
		/* default 258 */
		

		reached[1][388] = 1;
		reached[1][t->st] = 1;
		reached[1][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1730_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1731_0: /* 2 */
		now.references_ = (((int)now.references_)-1);
#ifdef VAR_RANGES
		logval("references_", ((int)now.references_));
#endif
		;
S_1737_0: /* 2 */
S_1732_0: /* 2 */
		if (!((((int)now.references_)==0)))
			goto S_1737_1;
S_1733_0: /* 2 */
		spin_assert((( !(((int)now.mutex_))&&(q_len(now.queue_)==0))&&(q_len(now.drains_)==0)), "(( !(mutex_)&&(q_len(queue_)==0))&&(q_len(drains_)==0))", II, tt, t);
S_1734_0: /* 2 */
		spin_assert((((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))==0), "(((holds[0]+holds[1])+holds[2])==0)", II, tt, t);
S_1735_0: /* 2 */
		now.freed = 1;
#ifdef VAR_RANGES
		logval("freed", ((int)now.freed));
#endif
		;
		goto S_1738_0;
S_1737_1: /* 3 */
S_1736_0: /* 2 */
		/* else */;
		goto S_1738_0;
S_1737_2: /* 3 */
		Uerror("blocking sel in d_step (nr.16, near line 17)");
S_1738_0: /* 2 */
		goto S_1741_0;
S_1741_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 212: // STATE 390 - bulkhead.pml:183 - [now = 0] (0:393:1 - 1)
		IfNotBlocked
		reached[1][390] = 1;
		(trpt+1)->bup.oval = ((int)((P1 *)_this)->now);
		((P1 *)_this)->now = 0;
#ifdef VAR_RANGES
		logval("Controller:now", ((int)((P1 *)_this)->now));
#endif
		;
		/* merge: .(goto)(0, 394, 393) */
		reached[1][394] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 213: // STATE 396 - bulkhead.pml:186 - [-end-] (0:0:0 - 3)
		IfNotBlocked
		reached[1][396] = 1;
		if (!delproc(1, II)) continue;
		_m = 3; goto P999; /* 0 */

		 /* PROC Caller */
	case 214: // STATE 1 - bulkhead.pml:77 - [((calls==1))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1] = 1;
		if (!((((int)((P0 *)_this)->calls)==1)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: calls */  (trpt+1)->bup.oval = ((P0 *)_this)->calls;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->calls = 0;
		_m = 3; goto P999; /* 0 */
	case 215: // STATE 3 - bulkhead.pml:78 - [((calls<1))] (7:0:1 - 1)
		IfNotBlocked
		reached[0][3] = 1;
		if (!((((int)((P0 *)_this)->calls)<1)))
			continue;
		/* merge: calls = (calls+1)(0, 4, 7) */
		reached[0][4] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->calls);
		((P0 *)_this)->calls = (((int)((P0 *)_this)->calls)+1);
#ifdef VAR_RANGES
		logval("Caller:calls", ((int)((P0 *)_this)->calls));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 216: // STATE 7 - bulkhead.pml:80 - [D_STEP80]
		IfNotBlocked

		reached[0][7] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_004_0: /* 2 */
		((P0 *)_this)->weight = (1+(((int)((P0 *)_this)->me)<0));
#ifdef VAR_RANGES
		logval("Caller:weight", ((int)((P0 *)_this)->weight));
#endif
		;
S_005_0: /* 2 */
		now.weightOf[ Index(((P0 *)_this)->me, 4) ] = ((int)((P0 *)_this)->weight);
#ifdef VAR_RANGES
		logval("weightOf[Caller:me]", ((int)now.weightOf[ Index(((int)((P0 *)_this)->me), 4) ]));
#endif
		;
		goto S_007_0;
S_007_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 217: // STATE 8 - bulkhead.pml:84 - [mayWait = 1] (0:751:1 - 1)
		IfNotBlocked
		reached[0][8] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->mayWait);
		((P0 *)_this)->mayWait = 1;
#ifdef VAR_RANGES
		logval("Caller:mayWait", ((int)((P0 *)_this)->mayWait));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 218: // STATE 9 - bulkhead.pml:13 - [result = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][9] = 1;
		(trpt+1)->bup.oval = ((P0 *)_this)->result;
		((P0 *)_this)->result = 0;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 219: // STATE 10 - bulkhead.pml:18 - [(((result==0)&&mayWait))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][10] = 1;
		if (!(((((P0 *)_this)->result==0)&&((int)((P0 *)_this)->mayWait))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: result */  (trpt+1)->bup.oval = ((P0 *)_this)->result;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->result = 0;
		_m = 3; goto P999; /* 0 */
	case 220: // STATE 14 - admission.pml:155 - [D_STEP155]
		/* default 258 */
		

		reached[0][14] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_010_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_011_0: /* 2 */
		((P0 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
S_012_0: /* 2 */
		((P0 *)_this)->result = 0;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_075_0;
S_075_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 221: // STATE 15 - admission.pml:157 - [((result!=0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][15] = 1;
		if (!((((P0 *)_this)->result!=0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 222: // STATE 20 - admission.pml:159 - [D_STEP159]
		/* default 258 */
		

		reached[0][20] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_017_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_018_0: /* 2 */
		((P0 *)_this)->limit = ((int)now.limit_);
#ifdef VAR_RANGES
		logval("Caller:limit", ((int)((P0 *)_this)->limit));
#endif
		;
		goto S_072_0;
S_072_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 223: // STATE 21 - admission.pml:161 - [(((((word&((1|2)|4))==0)&&((weight-1)<limit))&&((word>>6)<=(limit-weight))))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][21] = 1;
		if (!(((((((P0 *)_this)->word&((1|2)|4))==0)&&((((int)((P0 *)_this)->weight)-1)<((int)((P0 *)_this)->limit)))&&((((P0 *)_this)->word>>6)<=(((int)((P0 *)_this)->limit)-((int)((P0 *)_this)->weight))))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: limit */  (trpt+1)->bup.oval = ((P0 *)_this)->limit;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->limit = 0;
		_m = 3; goto P999; /* 0 */
	case 224: // STATE 40 - admission.pml:114 - [D_STEP114]
		/* default 258 */
		

		reached[0][40] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_021_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_036_0: /* 2 */
S_022_0: /* 2 */
		if (!((now.word_==((P0 *)_this)->word)))
			goto S_036_1;
S_023_0: /* 2 */
		now.word_ = (((P0 *)_this)->word+(((int)((P0 *)_this)->weight)<<6));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
S_024_0: /* 2 */
		spin_assert((q_len(now.queue_)==0), "(q_len(queue_)==0)", II, tt, t);
S_025_0: /* 2 */
		spin_assert(((now.word_&2)==0), "((word_&2)==0)", II, tt, t);
S_026_0: /* 2 */
		spin_assert((((now.word_>>6)<=((int)now.limit_))||((now.word_>>6)<=((int)now.limitBefore))), "(((word_>>6)<=limit_)||((word_>>6)<=limitBefore))", II, tt, t);
S_027_0: /* 2 */
		now.holds[ Index(((P0 *)_this)->me, 4) ] = ((int)((P0 *)_this)->weight);
#ifdef VAR_RANGES
		logval("holds[Caller:me]", ((int)now.holds[ Index(((int)((P0 *)_this)->me), 4) ]));
#endif
		;
S_031_0: /* 2 */
S_028_0: /* 2 */
		if (!( !(((int)now.mutex_))))
			goto S_031_1;
S_029_0: /* 2 */
		spin_assert(((now.word_>>6)==((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))), "((word_>>6)==((holds[0]+holds[1])+holds[2]))", II, tt, t);
		goto S_032_0;
S_031_1: /* 3 */
S_030_0: /* 2 */
		/* else */;
		goto S_032_0;
S_031_2: /* 3 */
		Uerror("blocking sel in d_step (nr.17, near line 123)");
S_032_0: /* 2 */
S_033_0: /* 2 */
		((P0 *)_this)->result = 8;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_037_0;
S_036_1: /* 3 */
S_034_0: /* 2 */
		/* else */;
S_035_0: /* 2 */
		((P0 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		goto S_037_0;
S_036_2: /* 3 */
		Uerror("blocking sel in d_step (nr.18, near line 116)");
S_037_0: /* 2 */
S_038_0: /* 2 */
		((P0 *)_this)->limit = 0;
#ifdef VAR_RANGES
		logval("Caller:limit", ((int)((P0 *)_this)->limit));
#endif
		;
		goto S_073_0;
S_073_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 225: // STATE 43 - admission.pml:170 - [(((word&4)!=0))] (75:0:1 - 1)
		IfNotBlocked
		reached[0][43] = 1;
		if (!(((((P0 *)_this)->word&4)!=0)))
			continue;
		/* merge: result = Aborted(0, 44, 75) */
		reached[0][44] = 1;
		(trpt+1)->bup.oval = ((P0 *)_this)->result;
		((P0 *)_this)->result = 3;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		/* merge: .(goto)(0, 71, 75) */
		reached[0][71] = 1;
		;
		/* merge: .(goto)(0, 74, 75) */
		reached[0][74] = 1;
		;
		/* merge: .(goto)(0, 76, 75) */
		reached[0][76] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 226: // STATE 55 - admission.pml:172 - [D_STEP172]
		/* default 258 */
		

		reached[0][55] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_045_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_046_0: /* 2 */
		((P0 *)_this)->limit = ((int)now.ceiling_);
#ifdef VAR_RANGES
		logval("Caller:limit", ((int)((P0 *)_this)->limit));
#endif
		;
S_052_0: /* 2 */
S_047_0: /* 2 */
		if (!((((int)((P0 *)_this)->weight)>((int)((P0 *)_this)->limit))))
			goto S_052_1;
S_048_0: /* 2 */
		((P0 *)_this)->result = 2;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_053_0;
S_052_1: /* 3 */
S_049_0: /* 2 */
		if (!(((((int)((P0 *)_this)->weight)<=((int)((P0 *)_this)->limit))&&((((P0 *)_this)->word&2)!=0))))
			goto S_052_2;
S_050_0: /* 2 */
		((P0 *)_this)->result = 4;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_053_0;
S_052_2: /* 3 */
S_051_0: /* 2 */
		/* else */;
		goto S_053_0;
S_052_3: /* 3 */
		Uerror("blocking sel in d_step (nr.19, near line 179)");
S_053_0: /* 2 */
		goto S_067_0;
S_067_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 227: // STATE 56 - admission.pml:186 - [((result==0))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][56] = 1;
		if (!((((P0 *)_this)->result==0)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: result */  (trpt+1)->bup.oval = ((P0 *)_this)->result;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->result = 0;
		_m = 3; goto P999; /* 0 */
	case 228: // STATE 66 - admission.pml:187 - [D_STEP187]
		/* default 258 */
		

		reached[0][66] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_056_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_063_0: /* 2 */
S_057_0: /* 2 */
		if (!((((int)now.queued_)>=((int)now.maxQueueSize_))))
			goto S_063_1;
S_058_0: /* 2 */
		((P0 *)_this)->result = 7;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_064_0;
S_063_1: /* 3 */
S_059_0: /* 2 */
		if (!((((((int)now.queued_)<((int)now.maxQueueSize_))&&((((P0 *)_this)->word&1)==0))&& !(((int)((P0 *)_this)->mayWait)))))
			goto S_063_2;
S_060_0: /* 2 */
		((P0 *)_this)->result = 7;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_064_0;
S_063_2: /* 3 */
S_061_0: /* 2 */
		/* else */;
S_062_0: /* 2 */
		((P0 *)_this)->result = 1;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_064_0;
S_063_3: /* 3 */
		Uerror("blocking sel in d_step (nr.20, near line 189)");
S_064_0: /* 2 */
		goto S_068_0;
S_068_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 229: // STATE 78 - admission.pml:165 - [word = 0] (0:749:2 - 1)
		IfNotBlocked
		reached[0][78] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->word;
		((P0 *)_this)->word = 0;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		/* merge: limit = 0(749, 79, 749) */
		reached[0][79] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->limit);
		((P0 *)_this)->limit = 0;
#ifdef VAR_RANGES
		logval("Caller:limit", ((int)((P0 *)_this)->limit));
#endif
		;
		/* merge: .(goto)(0, 170, 749) */
		reached[0][170] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 230: // STATE 82 - bulkhead.pml:19 - [(((result==0)&&!(mayWait)))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][82] = 1;
		if (!(((((P0 *)_this)->result==0)&& !(((int)((P0 *)_this)->mayWait)))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: result */  (trpt+1)->bup.oval = ((P0 *)_this)->result;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->result = 0;
		_m = 3; goto P999; /* 0 */
	case 231: // STATE 85 - admission.pml:146 - [D_STEP146]
		/* default 258 */
		

		reached[0][85] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_082_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_083_0: /* 2 */
		((P0 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		goto S_088_0;
S_088_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 232: // STATE 89 - admission.pml:147 - [D_STEP147]
		/* default 258 */
		

		reached[0][89] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_085_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_086_0: /* 2 */
		((P0 *)_this)->done = (((((P0 *)_this)->word&((1|2)|4))==0)&& !(((((((P0 *)_this)->word&((1|2)|4))==0)&&((((int)((P0 *)_this)->weight)-1)<((int)now.limit_)))&&((((P0 *)_this)->word>>6)<=(((int)now.limit_)-((int)((P0 *)_this)->weight))))));
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
S_087_0: /* 2 */
		((P0 *)_this)->word = 0;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		goto S_165_0;
S_165_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 233: // STATE 91 - bulkhead.pml:21 - [(done)] (749:0:3 - 1)
		IfNotBlocked
		reached[0][91] = 1;
		if (!(((int)((P0 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		/* merge: result = Rejected(749, 92, 749) */
		reached[0][92] = 1;
		(trpt+1)->bup.ovals[1] = ((P0 *)_this)->result;
		((P0 *)_this)->result = 7;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		/* merge: done = 0(749, 93, 749) */
		reached[0][93] = 1;
		(trpt+1)->bup.ovals[2] = ((int)((P0 *)_this)->done);
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		/* merge: .(goto)(0, 167, 749) */
		reached[0][167] = 1;
		;
		/* merge: .(goto)(0, 170, 749) */
		reached[0][170] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 234: // STATE 98 - admission.pml:155 - [D_STEP155]
		/* default 258 */
		

		reached[0][98] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_094_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_095_0: /* 2 */
		((P0 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
S_096_0: /* 2 */
		((P0 *)_this)->result = 0;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_159_0;
S_159_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 235: // STATE 99 - admission.pml:157 - [((result!=0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][99] = 1;
		if (!((((P0 *)_this)->result!=0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 236: // STATE 104 - admission.pml:159 - [D_STEP159]
		/* default 258 */
		

		reached[0][104] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_101_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_102_0: /* 2 */
		((P0 *)_this)->limit = ((int)now.limit_);
#ifdef VAR_RANGES
		logval("Caller:limit", ((int)((P0 *)_this)->limit));
#endif
		;
		goto S_156_0;
S_156_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 237: // STATE 105 - admission.pml:161 - [(((((word&((1|2)|4))==0)&&((weight-1)<limit))&&((word>>6)<=(limit-weight))))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][105] = 1;
		if (!(((((((P0 *)_this)->word&((1|2)|4))==0)&&((((int)((P0 *)_this)->weight)-1)<((int)((P0 *)_this)->limit)))&&((((P0 *)_this)->word>>6)<=(((int)((P0 *)_this)->limit)-((int)((P0 *)_this)->weight))))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: limit */  (trpt+1)->bup.oval = ((P0 *)_this)->limit;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->limit = 0;
		_m = 3; goto P999; /* 0 */
	case 238: // STATE 124 - admission.pml:114 - [D_STEP114]
		/* default 258 */
		

		reached[0][124] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_105_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_120_0: /* 2 */
S_106_0: /* 2 */
		if (!((now.word_==((P0 *)_this)->word)))
			goto S_120_1;
S_107_0: /* 2 */
		now.word_ = (((P0 *)_this)->word+(((int)((P0 *)_this)->weight)<<6));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
S_108_0: /* 2 */
		spin_assert((q_len(now.queue_)==0), "(q_len(queue_)==0)", II, tt, t);
S_109_0: /* 2 */
		spin_assert(((now.word_&2)==0), "((word_&2)==0)", II, tt, t);
S_110_0: /* 2 */
		spin_assert((((now.word_>>6)<=((int)now.limit_))||((now.word_>>6)<=((int)now.limitBefore))), "(((word_>>6)<=limit_)||((word_>>6)<=limitBefore))", II, tt, t);
S_111_0: /* 2 */
		now.holds[ Index(((P0 *)_this)->me, 4) ] = ((int)((P0 *)_this)->weight);
#ifdef VAR_RANGES
		logval("holds[Caller:me]", ((int)now.holds[ Index(((int)((P0 *)_this)->me), 4) ]));
#endif
		;
S_115_0: /* 2 */
S_112_0: /* 2 */
		if (!( !(((int)now.mutex_))))
			goto S_115_1;
S_113_0: /* 2 */
		spin_assert(((now.word_>>6)==((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))), "((word_>>6)==((holds[0]+holds[1])+holds[2]))", II, tt, t);
		goto S_116_0;
S_115_1: /* 3 */
S_114_0: /* 2 */
		/* else */;
		goto S_116_0;
S_115_2: /* 3 */
		Uerror("blocking sel in d_step (nr.21, near line 123)");
S_116_0: /* 2 */
S_117_0: /* 2 */
		((P0 *)_this)->result = 8;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_121_0;
S_120_1: /* 3 */
S_118_0: /* 2 */
		/* else */;
S_119_0: /* 2 */
		((P0 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		goto S_121_0;
S_120_2: /* 3 */
		Uerror("blocking sel in d_step (nr.22, near line 116)");
S_121_0: /* 2 */
S_122_0: /* 2 */
		((P0 *)_this)->limit = 0;
#ifdef VAR_RANGES
		logval("Caller:limit", ((int)((P0 *)_this)->limit));
#endif
		;
		goto S_157_0;
S_157_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 239: // STATE 127 - admission.pml:170 - [(((word&4)!=0))] (159:0:1 - 1)
		IfNotBlocked
		reached[0][127] = 1;
		if (!(((((P0 *)_this)->word&4)!=0)))
			continue;
		/* merge: result = Aborted(0, 128, 159) */
		reached[0][128] = 1;
		(trpt+1)->bup.oval = ((P0 *)_this)->result;
		((P0 *)_this)->result = 3;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		/* merge: .(goto)(0, 155, 159) */
		reached[0][155] = 1;
		;
		/* merge: .(goto)(0, 158, 159) */
		reached[0][158] = 1;
		;
		/* merge: .(goto)(0, 160, 159) */
		reached[0][160] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 240: // STATE 139 - admission.pml:172 - [D_STEP172]
		/* default 258 */
		

		reached[0][139] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_129_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_130_0: /* 2 */
		((P0 *)_this)->limit = ((int)now.ceiling_);
#ifdef VAR_RANGES
		logval("Caller:limit", ((int)((P0 *)_this)->limit));
#endif
		;
S_136_0: /* 2 */
S_131_0: /* 2 */
		if (!((((int)((P0 *)_this)->weight)>((int)((P0 *)_this)->limit))))
			goto S_136_1;
S_132_0: /* 2 */
		((P0 *)_this)->result = 2;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_137_0;
S_136_1: /* 3 */
S_133_0: /* 2 */
		if (!(((((int)((P0 *)_this)->weight)<=((int)((P0 *)_this)->limit))&&((((P0 *)_this)->word&2)!=0))))
			goto S_136_2;
S_134_0: /* 2 */
		((P0 *)_this)->result = 4;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_137_0;
S_136_2: /* 3 */
S_135_0: /* 2 */
		/* else */;
		goto S_137_0;
S_136_3: /* 3 */
		Uerror("blocking sel in d_step (nr.23, near line 179)");
S_137_0: /* 2 */
		goto S_151_0;
S_151_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 241: // STATE 140 - admission.pml:186 - [((result==0))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][140] = 1;
		if (!((((P0 *)_this)->result==0)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: result */  (trpt+1)->bup.oval = ((P0 *)_this)->result;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->result = 0;
		_m = 3; goto P999; /* 0 */
	case 242: // STATE 150 - admission.pml:187 - [D_STEP187]
		/* default 258 */
		

		reached[0][150] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_140_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_147_0: /* 2 */
S_141_0: /* 2 */
		if (!((((int)now.queued_)>=((int)now.maxQueueSize_))))
			goto S_147_1;
S_142_0: /* 2 */
		((P0 *)_this)->result = 7;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_148_0;
S_147_1: /* 3 */
S_143_0: /* 2 */
		if (!((((((int)now.queued_)<((int)now.maxQueueSize_))&&((((P0 *)_this)->word&1)==0))&& !(((int)((P0 *)_this)->mayWait)))))
			goto S_147_2;
S_144_0: /* 2 */
		((P0 *)_this)->result = 7;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_148_0;
S_147_2: /* 3 */
S_145_0: /* 2 */
		/* else */;
S_146_0: /* 2 */
		((P0 *)_this)->result = 1;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_148_0;
S_147_3: /* 3 */
		Uerror("blocking sel in d_step (nr.24, near line 189)");
S_148_0: /* 2 */
		goto S_152_0;
S_152_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 243: // STATE 162 - admission.pml:165 - [word = 0] (0:749:2 - 1)
		IfNotBlocked
		reached[0][162] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->word;
		((P0 *)_this)->word = 0;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		/* merge: limit = 0(749, 163, 749) */
		reached[0][163] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->limit);
		((P0 *)_this)->limit = 0;
#ifdef VAR_RANGES
		logval("Caller:limit", ((int)((P0 *)_this)->limit));
#endif
		;
		/* merge: .(goto)(0, 167, 749) */
		reached[0][167] = 1;
		;
		/* merge: .(goto)(0, 170, 749) */
		reached[0][170] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 244: // STATE 171 - bulkhead.pml:25 - [((result==Contended))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][171] = 1;
		if (!((((P0 *)_this)->result==1)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: result */  (trpt+1)->bup.oval = ((P0 *)_this)->result;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->result = 0;
		_m = 3; goto P999; /* 0 */
	case 245: // STATE 174 - limiter.pml:10 - [D_STEP10]
		/* default 258 */
		

		reached[0][174] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_171_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_172_0: /* 2 */
		now.references_ = (((int)now.references_)+1);
#ifdef VAR_RANGES
		logval("references_", ((int)now.references_));
#endif
		;
		goto S_176_0;
S_176_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 246: // STATE 177 - bulkhead.pml:27 - [D_STEP27]
		IfNotBlocked

		reached[0][177] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_175_0: /* 2 */
		((P0 *)_this)->now = ((int)now.clock);
#ifdef VAR_RANGES
		logval("Caller:now", ((int)((P0 *)_this)->now));
#endif
		;
		goto S_281_0;
S_281_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 247: // STATE 178 - bulkhead.pml:29 - [((mayWait&&(me<1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][178] = 1;
		if (!((((int)((P0 *)_this)->mayWait)&&(((int)((P0 *)_this)->me)<1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 248: // STATE 181 - limiter.pml:98 - [D_STEP98]
		/* default 258 */
		

		reached[0][181] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_178_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_179_0: /* 2 */
		((P0 *)_this)->done = ((((int)((P0 *)_this)->now)==0)&& !(((int)now.timerAt_)));
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		goto S_277_0;
S_277_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 249: // STATE 182 - limiter.pml:100 - [(done)] (188:0:2 - 1)
		IfNotBlocked
		reached[0][182] = 1;
		if (!(((int)((P0 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		/* merge: done = 0(0, 183, 188) */
		reached[0][183] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->done);
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 250: // STATE 187 - admission.pml:635 - [D_STEP635]
		if (!(boq == -1 && ( !(((int)now.mutex_))||((int)now.freed))))
			continue;

		reached[0][187] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_183_0: /* 2 */
		if (!(( !(((int)now.mutex_))||((int)now.freed))))
			Uerror("block in d_step seq");
S_184_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_185_0: /* 2 */
		now.requested_ = 1;
#ifdef VAR_RANGES
		logval("requested_", ((int)now.requested_));
#endif
		;
		goto S_275_0;
S_275_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 251: // STATE 193 - limiter.pml:67 - [D_STEP67]
		/* default 258 */
		

		reached[0][193] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_188_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_189_0: /* 2 */
		((P0 *)_this)->done = (((int)now.timerTurns_)==0);
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
S_190_0: /* 2 */
		now.timerTurns_ = (((int)now.timerTurns_)+1);
#ifdef VAR_RANGES
		logval("timerTurns_", ((int)now.timerTurns_));
#endif
		;
S_191_0: /* 2 */
		((P0 *)_this)->index = 1;
#ifdef VAR_RANGES
		logval("Caller:index", ((int)((P0 *)_this)->index));
#endif
		;
		goto S_272_0;
S_272_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 252: // STATE 194 - limiter.pml:69 - [(done)] (269:0:2 - 1)
		IfNotBlocked
		reached[0][194] = 1;
		if (!(((int)((P0 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		/* merge: done = 0(0, 195, 269) */
		reached[0][195] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->done);
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		/* merge: .(goto)(0, 270, 269) */
		reached[0][270] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 253: // STATE 199 - admission.pml:79 - [D_STEP79]
		if (!(boq == -1 && ( !(((int)now.mutex_))||((int)now.freed))))
			continue;

		reached[0][199] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_195_0: /* 2 */
		if (!(( !(((int)now.mutex_))||((int)now.freed))))
			Uerror("block in d_step seq");
S_196_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_197_0: /* 2 */
		now.mutex_ = 1;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_202_0;
S_202_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 254: // STATE 203 - admission.pml:613 - [D_STEP613]
		/* default 258 */
		

		reached[0][203] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_200_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_201_0: /* 2 */
		((P0 *)_this)->done = (((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2]))||(((int)now.requested_)&&(((now.word_>>6)!=0)||(((int)now.limit_)<((int)now.ceiling_)))));
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		goto S_203_0;
S_203_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 255: // STATE 204 - admission.pml:614 - [requested_ = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][204] = 1;
		(trpt+1)->bup.oval = ((int)now.requested_);
		now.requested_ = 0;
#ifdef VAR_RANGES
		logval("requested_", ((int)now.requested_));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 256: // STATE 205 - admission.pml:616 - [((done&&timerAt_))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][205] = 1;
		if (!((((int)((P0 *)_this)->done)&&((int)now.timerAt_))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 257: // STATE 206 - admission.pml:616 - [done = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][206] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->done);
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 258: // STATE 207 - admission.pml:617 - [((!(done)&&timerAt_))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][207] = 1;
		if (!(( !(((int)((P0 *)_this)->done))&&((int)now.timerAt_))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 259: // STATE 208 - admission.pml:617 - [more = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[0][208] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->more);
		((P0 *)_this)->more = 1;
#ifdef VAR_RANGES
		logval("Caller:more", ((int)((P0 *)_this)->more));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 260: // STATE 212 - admission.pml:621 - [((done||more))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][212] = 1;
		if (!((((int)((P0 *)_this)->done)||((int)((P0 *)_this)->more))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 261: // STATE 217 - admission.pml:622 - [D_STEP622]
		/* default 258 */
		

		reached[0][217] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_212_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_213_0: /* 2 */
		now.timerAt_ = ((int)((P0 *)_this)->done);
#ifdef VAR_RANGES
		logval("timerAt_", ((int)now.timerAt_));
#endif
		;
S_214_0: /* 2 */
		now.timerGeneration_ = ((((int)now.timerGeneration_)+1)%8);
#ifdef VAR_RANGES
		logval("timerGeneration_", ((int)now.timerGeneration_));
#endif
		;
S_215_0: /* 2 */
		((P0 *)_this)->generation = ((int)now.timerGeneration_);
#ifdef VAR_RANGES
		logval("Caller:generation", ((int)((P0 *)_this)->generation));
#endif
		;
		goto S_228_0;
S_228_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 262: // STATE 218 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][218] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 263: // STATE 221 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[0][221] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_218_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_219_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_227_0;
S_227_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 264: // STATE 222 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][222] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 265: // STATE 225 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[0][225] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_222_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_223_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_227_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 266: // STATE 245 - admission.pml:84 - [D_STEP84]
		/* default 258 */
		

		reached[0][245] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_232_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_233_0: /* 2 */
		spin_assert(((now.word_>>6)==((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))), "((word_>>6)==((holds[0]+holds[1])+holds[2]))", II, tt, t);
S_234_0: /* 2 */
		spin_assert((((int)now.queued_)==q_len(now.queue_)), "(queued_==q_len(queue_))", II, tt, t);
S_235_0: /* 2 */
		spin_assert((((now.word_&1)!=0)==(q_len(now.queue_)!=0)), "(((word_&1)!=0)==(q_len(queue_)!=0))", II, tt, t);
S_241_0: /* 2 */
S_236_0: /* 2 */
		if (!((q_len(now.queue_)!=0)))
			goto S_241_1;
S_237_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P0 *)_this)->head = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_238_0: /* 2 */
		spin_assert((((int)now.slicing)||(((now.word_>>6)+((int)now.weightOf[ Index(((int)((P0 *)_this)->head), 4) ]))>((int)now.limit_))), "(slicing||(((word_>>6)+weightOf[head])>limit_))", II, tt, t);
S_239_0: /* 2 */
		((P0 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		goto S_242_0;
S_241_1: /* 3 */
S_240_0: /* 2 */
		/* else */;
		goto S_242_0;
S_241_2: /* 3 */
		Uerror("blocking sel in d_step (nr.25, near line 89)");
S_242_0: /* 2 */
S_243_0: /* 2 */
		now.mutex_ = 0;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_252_0;
S_252_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 267: // STATE 248 - limiter.pml:85 - [(done)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][248] = 1;
		if (!(((int)((P0 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 268: // STATE 249 - limiter.pml:85 - [timer = (generation+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][249] = 1;
		(trpt+1)->bup.oval = ((int)now.timer);
		now.timer = (((int)((P0 *)_this)->generation)+1);
#ifdef VAR_RANGES
		logval("timer", ((int)now.timer));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 269: // STATE 250 - limiter.pml:86 - [(more)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][250] = 1;
		if (!(((int)((P0 *)_this)->more)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: more */  (trpt+1)->bup.oval = ((P0 *)_this)->more;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->more = 0;
		_m = 3; goto P999; /* 0 */
	case 270: // STATE 251 - limiter.pml:86 - [timer = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][251] = 1;
		(trpt+1)->bup.oval = ((int)now.timer);
		now.timer = 0;
#ifdef VAR_RANGES
		logval("timer", ((int)now.timer));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 271: // STATE 258 - limiter.pml:89 - [D_STEP89]
		IfNotBlocked

		reached[0][258] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_254_0: /* 2 */
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
S_255_0: /* 2 */
		((P0 *)_this)->more = 0;
#ifdef VAR_RANGES
		logval("Caller:more", ((int)((P0 *)_this)->more));
#endif
		;
S_256_0: /* 2 */
		((P0 *)_this)->generation = 0;
#ifdef VAR_RANGES
		logval("Caller:generation", ((int)((P0 *)_this)->generation));
#endif
		;
		goto S_262_0;
S_262_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 272: // STATE 263 - limiter.pml:73 - [D_STEP73]
		/* default 258 */
		

		reached[0][263] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_259_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_260_0: /* 2 */
		now.timerTurns_ = (((int)now.timerTurns_)-((int)((P0 *)_this)->index));
#ifdef VAR_RANGES
		logval("timerTurns_", ((int)now.timerTurns_));
#endif
		;
S_261_0: /* 2 */
		((P0 *)_this)->index = ((int)now.timerTurns_);
#ifdef VAR_RANGES
		logval("Caller:index", ((int)((P0 *)_this)->index));
#endif
		;
		goto S_266_0;
S_266_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 273: // STATE 264 - limiter.pml:74 - [((index==0))] (594:0:2 - 1)
		IfNotBlocked
		reached[0][264] = 1;
		if (!((((int)((P0 *)_this)->index)==0)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: index */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->index;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->index = 0;
		/* merge: goto :b3(594, 265, 594) */
		reached[0][265] = 1;
		;
		/* merge: index = 0(594, 275, 594) */
		reached[0][275] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->index);
		((P0 *)_this)->index = 0;
#ifdef VAR_RANGES
		logval("Caller:index", ((int)((P0 *)_this)->index));
#endif
		;
		/* merge: .(goto)(0, 279, 594) */
		reached[0][279] = 1;
		;
		/* merge: .(goto)(0, 283, 594) */
		reached[0][283] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 274: // STATE 275 - limiter.pml:78 - [index = 0] (0:594:1 - 5)
		IfNotBlocked
		reached[0][275] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->index);
		((P0 *)_this)->index = 0;
#ifdef VAR_RANGES
		logval("Caller:index", ((int)((P0 *)_this)->index));
#endif
		;
		/* merge: .(goto)(0, 279, 594) */
		reached[0][279] = 1;
		;
		/* merge: .(goto)(0, 283, 594) */
		reached[0][283] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 275: // STATE 287 - admission.pml:79 - [D_STEP79]
		if (!(boq == -1 && ( !(((int)now.mutex_))||((int)now.freed))))
			continue;

		reached[0][287] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_283_0: /* 2 */
		if (!(( !(((int)now.mutex_))||((int)now.freed))))
			Uerror("block in d_step seq");
S_284_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_285_0: /* 2 */
		now.mutex_ = 1;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_290_0;
S_290_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 276: // STATE 291 - admission.pml:236 - [D_STEP236]
		/* default 258 */
		

		reached[0][291] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_288_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_289_0: /* 2 */
		now.requested_ = 0;
#ifdef VAR_RANGES
		logval("requested_", ((int)now.requested_));
#endif
		;
		goto S_400_0;
S_400_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 277: // STATE 292 - admission.pml:482 - [(((queued_!=0)||(len(drains_)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][292] = 1;
		if (!(((((int)now.queued_)!=0)||(q_len(now.drains_)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 278: // STATE 293 - admission.pml:499 - [(((now==1)&&((deadline[0]||deadline[1])||deadline[2])))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][293] = 1;
		if (!(((((int)((P0 *)_this)->now)==1)&&((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 279: // STATE 294 - admission.pml:490 - [(deadline[0])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][294] = 1;
		if (!(((int)now.deadline[0])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 280: // STATE 295 - admission.pml:490 - [head = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][295] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->head);
		((P0 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 281: // STATE 296 - admission.pml:491 - [(deadline[1])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][296] = 1;
		if (!(((int)now.deadline[1])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 282: // STATE 297 - admission.pml:491 - [head = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[0][297] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->head);
		((P0 *)_this)->head = 1;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 283: // STATE 298 - admission.pml:492 - [(deadline[2])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][298] = 1;
		if (!(((int)now.deadline[2])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 284: // STATE 299 - admission.pml:492 - [head = 2] (0:0:1 - 1)
		IfNotBlocked
		reached[0][299] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->head);
		((P0 *)_this)->head = 2;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 285: // STATE 324 - admission.pml:546 - [D_STEP546]
		/* default 258 */
		

		reached[0][324] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_302_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_303_0: /* 2 */
		spin_assert((now.verdict[ Index(((int)((P0 *)_this)->head), 4) ]==9), "(verdict[head]==9)", II, tt, t);
S_304_0: /* 2 */
		now.verdict[ Index(((P0 *)_this)->head, 4) ] = 6;
#ifdef VAR_RANGES
		logval("verdict[Caller:head]", now.verdict[ Index(((int)((P0 *)_this)->head), 4) ]);
#endif
		;
S_305_0: /* 2 */
		linked[ Index(((P0 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("linked[Caller:head]", ((int)linked[ Index(((int)((P0 *)_this)->head), 4) ]));
#endif
		;
S_306_0: /* 2 */
		now.deadline[ Index(((P0 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("deadline[Caller:head]", ((int)now.deadline[ Index(((int)((P0 *)_this)->head), 4) ]));
#endif
		;
S_320_0: /* 2 */
S_307_0: /* 2 */
		if (!((((int)((P0 *)_this)->head)==3)))
			goto S_320_1;
S_308_0: /* 2 */
		if (q_len(now.drains_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.drains_, 1, ((int)((P0 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.drains_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.drains_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
		goto S_321_0;
S_320_1: /* 3 */
S_309_0: /* 2 */
		/* else */;
S_316_0: /* 2 */
S_310_0: /* 2 */
		if (!((6==8)))
			goto S_316_1;
S_311_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P0 *)_this)->next = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Caller:next", ((P0 *)_this)->next);
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((P0 *)_this)->next); strcat(simvals, simtmp);		}
#endif
		;
S_312_0: /* 2 */
		spin_assert((((P0 *)_this)->next==((int)((P0 *)_this)->head)), "(next==head)", II, tt, t);
S_313_0: /* 2 */
		((P0 *)_this)->next = 0;
#ifdef VAR_RANGES
		logval("Caller:next", ((P0 *)_this)->next);
#endif
		;
S_314_0: /* 2 */
		now.holds[ Index(((P0 *)_this)->head, 4) ] = ((int)now.weightOf[ Index(((int)((P0 *)_this)->head), 4) ]);
#ifdef VAR_RANGES
		logval("holds[Caller:head]", ((int)now.holds[ Index(((int)((P0 *)_this)->head), 4) ]));
#endif
		;
		goto S_317_0;
S_316_1: /* 3 */
S_315_0: /* 2 */
		/* else */;
		goto S_317_0;
S_316_2: /* 3 */
		Uerror("blocking sel in d_step (nr.26, near line 557)");
S_317_0: /* 2 */
S_318_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.queue_, 1, ((int)((P0 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.queue_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_319_0: /* 2 */
		now.queued_ = (((int)now.queued_)-1);
#ifdef VAR_RANGES
		logval("queued_", ((int)now.queued_));
#endif
		;
		goto S_321_0;
S_320_2: /* 3 */
		Uerror("blocking sel in d_step (nr.27, near line 554)");
S_321_0: /* 2 */
S_322_0: /* 2 */
		((P0 *)_this)->ready = (((int)((P0 *)_this)->ready)|(1<<((int)((P0 *)_this)->head)));
#ifdef VAR_RANGES
		logval("Caller:ready", ((int)((P0 *)_this)->ready));
#endif
		;
		goto S_329_0;
S_329_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 286: // STATE 325 - admission.pml:569 - [(((head!=3)&&(queued_==0)))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][325] = 1;
		if (!(((((int)((P0 *)_this)->head)!=3)&&(((int)now.queued_)==0))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: head */  (trpt+1)->bup.oval = ((P0 *)_this)->head;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->head = 0;
		_m = 3; goto P999; /* 0 */
	case 287: // STATE 328 - admission.pml:569 - [D_STEP569]
		/* default 258 */
		

		reached[0][328] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_325_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_326_0: /* 2 */
		now.word_ = (now.word_& ~(1));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_330_0;
S_330_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 288: // STATE 333 - admission.pml:499 - [head = 0] (0:336:1 - 3)
		IfNotBlocked
		reached[0][333] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->head);
		((P0 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		/* merge: .(goto)(0, 337, 336) */
		reached[0][337] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 289: // STATE 339 - admission.pml:502 - [slicing = 0] (0:0:1 - 3)
		IfNotBlocked
		reached[0][339] = 1;
		(trpt+1)->bup.oval = ((int)now.slicing);
		now.slicing = 0;
#ifdef VAR_RANGES
		logval("slicing", ((int)now.slicing));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 290: // STATE 341 - admission.pml:510 - [((len(queue_)!=0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][341] = 1;
		if (!((q_len(now.queue_)!=0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 291: // STATE 347 - admission.pml:511 - [D_STEP511]
		/* default 258 */
		

		reached[0][347] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_341_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_342_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P0 *)_this)->head = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_343_0: /* 2 */
		((P0 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
S_344_0: /* 2 */
		((P0 *)_this)->done = (((int)now.weightOf[ Index(((int)((P0 *)_this)->head), 4) ])<=(((int)now.limit_)-(((P0 *)_this)->word>>6)));
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
S_345_0: /* 2 */
		((P0 *)_this)->word = 0;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		goto S_388_0;
S_388_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 292: // STATE 348 - admission.pml:523 - [(done)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][348] = 1;
		if (!(((int)((P0 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 293: // STATE 354 - admission.pml:524 - [D_STEP524]
		/* default 258 */
		

		reached[0][354] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_348_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_349_0: /* 2 */
		now.word_ = (now.word_+(((int)now.weightOf[ Index(((int)((P0 *)_this)->head), 4) ])<<6));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
S_350_0: /* 2 */
		spin_assert((((now.word_>>6)<=((int)now.limit_))||((now.word_>>6)<=((int)now.limitBefore))), "(((word_>>6)<=limit_)||((word_>>6)<=limitBefore))", II, tt, t);
S_351_0: /* 2 */
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
S_352_0: /* 2 */
		((P0 *)_this)->begins = 1;
#ifdef VAR_RANGES
		logval("Caller:begins", ((int)((P0 *)_this)->begins));
#endif
		;
		goto S_383_0;
S_383_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 294: // STATE 376 - admission.pml:546 - [D_STEP546]
		/* default 258 */
		

		reached[0][376] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_354_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_355_0: /* 2 */
		spin_assert((now.verdict[ Index(((int)((P0 *)_this)->head), 4) ]==9), "(verdict[head]==9)", II, tt, t);
S_356_0: /* 2 */
		now.verdict[ Index(((P0 *)_this)->head, 4) ] = 8;
#ifdef VAR_RANGES
		logval("verdict[Caller:head]", now.verdict[ Index(((int)((P0 *)_this)->head), 4) ]);
#endif
		;
S_357_0: /* 2 */
		linked[ Index(((P0 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("linked[Caller:head]", ((int)linked[ Index(((int)((P0 *)_this)->head), 4) ]));
#endif
		;
S_358_0: /* 2 */
		now.deadline[ Index(((P0 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("deadline[Caller:head]", ((int)now.deadline[ Index(((int)((P0 *)_this)->head), 4) ]));
#endif
		;
S_372_0: /* 2 */
S_359_0: /* 2 */
		if (!((((int)((P0 *)_this)->head)==3)))
			goto S_372_1;
S_360_0: /* 2 */
		if (q_len(now.drains_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.drains_, 1, ((int)((P0 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.drains_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.drains_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
		goto S_373_0;
S_372_1: /* 3 */
S_361_0: /* 2 */
		/* else */;
S_368_0: /* 2 */
S_362_0: /* 2 */
		if (!((8==8)))
			goto S_368_1;
S_363_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P0 *)_this)->next = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Caller:next", ((P0 *)_this)->next);
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((P0 *)_this)->next); strcat(simvals, simtmp);		}
#endif
		;
S_364_0: /* 2 */
		spin_assert((((P0 *)_this)->next==((int)((P0 *)_this)->head)), "(next==head)", II, tt, t);
S_365_0: /* 2 */
		((P0 *)_this)->next = 0;
#ifdef VAR_RANGES
		logval("Caller:next", ((P0 *)_this)->next);
#endif
		;
S_366_0: /* 2 */
		now.holds[ Index(((P0 *)_this)->head, 4) ] = ((int)now.weightOf[ Index(((int)((P0 *)_this)->head), 4) ]);
#ifdef VAR_RANGES
		logval("holds[Caller:head]", ((int)now.holds[ Index(((int)((P0 *)_this)->head), 4) ]));
#endif
		;
		goto S_369_0;
S_368_1: /* 3 */
S_367_0: /* 2 */
		/* else */;
		goto S_369_0;
S_368_2: /* 3 */
		Uerror("blocking sel in d_step (nr.28, near line 557)");
S_369_0: /* 2 */
S_370_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.queue_, 1, ((int)((P0 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.queue_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_371_0: /* 2 */
		now.queued_ = (((int)now.queued_)-1);
#ifdef VAR_RANGES
		logval("queued_", ((int)now.queued_));
#endif
		;
		goto S_373_0;
S_372_2: /* 3 */
		Uerror("blocking sel in d_step (nr.29, near line 554)");
S_373_0: /* 2 */
S_374_0: /* 2 */
		((P0 *)_this)->ready = (((int)((P0 *)_this)->ready)|(1<<((int)((P0 *)_this)->head)));
#ifdef VAR_RANGES
		logval("Caller:ready", ((int)((P0 *)_this)->ready));
#endif
		;
		goto S_381_0;
S_381_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 295: // STATE 377 - admission.pml:569 - [(((head!=3)&&(queued_==0)))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][377] = 1;
		if (!(((((int)((P0 *)_this)->head)!=3)&&(((int)now.queued_)==0))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: head */  (trpt+1)->bup.oval = ((P0 *)_this)->head;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->head = 0;
		_m = 3; goto P999; /* 0 */
	case 296: // STATE 380 - admission.pml:569 - [D_STEP569]
		/* default 258 */
		

		reached[0][380] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_377_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_378_0: /* 2 */
		now.word_ = (now.word_& ~(1));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_382_0;
S_382_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 297: // STATE 385 - admission.pml:534 - [head = 0] (0:393:1 - 3)
		IfNotBlocked
		reached[0][385] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->head);
		((P0 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		/* merge: .(goto)(0, 390, 393) */
		reached[0][390] = 1;
		;
		/* merge: .(goto)(0, 394, 393) */
		reached[0][394] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 298: // STATE 387 - admission.pml:535 - [head = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][387] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->head);
		((P0 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 299: // STATE 405 - admission.pml:155 - [D_STEP155]
		/* default 258 */
		

		reached[0][405] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_401_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_402_0: /* 2 */
		((P0 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
S_403_0: /* 2 */
		((P0 *)_this)->result = 0;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_466_0;
S_466_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 300: // STATE 406 - admission.pml:157 - [((result!=0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][406] = 1;
		if (!((((P0 *)_this)->result!=0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 301: // STATE 411 - admission.pml:159 - [D_STEP159]
		/* default 258 */
		

		reached[0][411] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_408_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_409_0: /* 2 */
		((P0 *)_this)->limit = ((int)now.limit_);
#ifdef VAR_RANGES
		logval("Caller:limit", ((int)((P0 *)_this)->limit));
#endif
		;
		goto S_463_0;
S_463_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 302: // STATE 412 - admission.pml:161 - [(((((word&((1|2)|4))==0)&&((weight-1)<limit))&&((word>>6)<=(limit-weight))))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][412] = 1;
		if (!(((((((P0 *)_this)->word&((1|2)|4))==0)&&((((int)((P0 *)_this)->weight)-1)<((int)((P0 *)_this)->limit)))&&((((P0 *)_this)->word>>6)<=(((int)((P0 *)_this)->limit)-((int)((P0 *)_this)->weight))))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: limit */  (trpt+1)->bup.oval = ((P0 *)_this)->limit;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->limit = 0;
		_m = 3; goto P999; /* 0 */
	case 303: // STATE 431 - admission.pml:114 - [D_STEP114]
		/* default 258 */
		

		reached[0][431] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_412_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_427_0: /* 2 */
S_413_0: /* 2 */
		if (!((now.word_==((P0 *)_this)->word)))
			goto S_427_1;
S_414_0: /* 2 */
		now.word_ = (((P0 *)_this)->word+(((int)((P0 *)_this)->weight)<<6));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
S_415_0: /* 2 */
		spin_assert((q_len(now.queue_)==0), "(q_len(queue_)==0)", II, tt, t);
S_416_0: /* 2 */
		spin_assert(((now.word_&2)==0), "((word_&2)==0)", II, tt, t);
S_417_0: /* 2 */
		spin_assert((((now.word_>>6)<=((int)now.limit_))||((now.word_>>6)<=((int)now.limitBefore))), "(((word_>>6)<=limit_)||((word_>>6)<=limitBefore))", II, tt, t);
S_418_0: /* 2 */
		now.holds[ Index(((P0 *)_this)->me, 4) ] = ((int)((P0 *)_this)->weight);
#ifdef VAR_RANGES
		logval("holds[Caller:me]", ((int)now.holds[ Index(((int)((P0 *)_this)->me), 4) ]));
#endif
		;
S_422_0: /* 2 */
S_419_0: /* 2 */
		if (!( !(((int)now.mutex_))))
			goto S_422_1;
S_420_0: /* 2 */
		spin_assert(((now.word_>>6)==((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))), "((word_>>6)==((holds[0]+holds[1])+holds[2]))", II, tt, t);
		goto S_423_0;
S_422_1: /* 3 */
S_421_0: /* 2 */
		/* else */;
		goto S_423_0;
S_422_2: /* 3 */
		Uerror("blocking sel in d_step (nr.30, near line 123)");
S_423_0: /* 2 */
S_424_0: /* 2 */
		((P0 *)_this)->result = 8;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_428_0;
S_427_1: /* 3 */
S_425_0: /* 2 */
		/* else */;
S_426_0: /* 2 */
		((P0 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		goto S_428_0;
S_427_2: /* 3 */
		Uerror("blocking sel in d_step (nr.31, near line 116)");
S_428_0: /* 2 */
S_429_0: /* 2 */
		((P0 *)_this)->limit = 0;
#ifdef VAR_RANGES
		logval("Caller:limit", ((int)((P0 *)_this)->limit));
#endif
		;
		goto S_464_0;
S_464_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 304: // STATE 434 - admission.pml:170 - [(((word&4)!=0))] (466:0:1 - 1)
		IfNotBlocked
		reached[0][434] = 1;
		if (!(((((P0 *)_this)->word&4)!=0)))
			continue;
		/* merge: result = Aborted(0, 435, 466) */
		reached[0][435] = 1;
		(trpt+1)->bup.oval = ((P0 *)_this)->result;
		((P0 *)_this)->result = 3;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		/* merge: .(goto)(0, 462, 466) */
		reached[0][462] = 1;
		;
		/* merge: .(goto)(0, 465, 466) */
		reached[0][465] = 1;
		;
		/* merge: .(goto)(0, 467, 466) */
		reached[0][467] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 305: // STATE 446 - admission.pml:172 - [D_STEP172]
		/* default 258 */
		

		reached[0][446] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_436_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_437_0: /* 2 */
		((P0 *)_this)->limit = ((int)now.ceiling_);
#ifdef VAR_RANGES
		logval("Caller:limit", ((int)((P0 *)_this)->limit));
#endif
		;
S_443_0: /* 2 */
S_438_0: /* 2 */
		if (!((((int)((P0 *)_this)->weight)>((int)((P0 *)_this)->limit))))
			goto S_443_1;
S_439_0: /* 2 */
		((P0 *)_this)->result = 2;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_444_0;
S_443_1: /* 3 */
S_440_0: /* 2 */
		if (!(((((int)((P0 *)_this)->weight)<=((int)((P0 *)_this)->limit))&&((((P0 *)_this)->word&2)!=0))))
			goto S_443_2;
S_441_0: /* 2 */
		((P0 *)_this)->result = 4;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_444_0;
S_443_2: /* 3 */
S_442_0: /* 2 */
		/* else */;
		goto S_444_0;
S_443_3: /* 3 */
		Uerror("blocking sel in d_step (nr.32, near line 179)");
S_444_0: /* 2 */
		goto S_458_0;
S_458_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 306: // STATE 447 - admission.pml:186 - [((result==0))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][447] = 1;
		if (!((((P0 *)_this)->result==0)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: result */  (trpt+1)->bup.oval = ((P0 *)_this)->result;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->result = 0;
		_m = 3; goto P999; /* 0 */
	case 307: // STATE 457 - admission.pml:187 - [D_STEP187]
		/* default 258 */
		

		reached[0][457] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_447_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_454_0: /* 2 */
S_448_0: /* 2 */
		if (!((((int)now.queued_)>=((int)now.maxQueueSize_))))
			goto S_454_1;
S_449_0: /* 2 */
		((P0 *)_this)->result = 7;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_455_0;
S_454_1: /* 3 */
S_450_0: /* 2 */
		if (!((((((int)now.queued_)<((int)now.maxQueueSize_))&&((((P0 *)_this)->word&1)==0))&& !(((int)((P0 *)_this)->mayWait)))))
			goto S_454_2;
S_451_0: /* 2 */
		((P0 *)_this)->result = 7;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_455_0;
S_454_2: /* 3 */
S_452_0: /* 2 */
		/* else */;
S_453_0: /* 2 */
		((P0 *)_this)->result = 1;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		goto S_455_0;
S_454_3: /* 3 */
		Uerror("blocking sel in d_step (nr.33, near line 189)");
S_455_0: /* 2 */
		goto S_459_0;
S_459_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 308: // STATE 469 - admission.pml:165 - [word = 0] (0:516:2 - 1)
		IfNotBlocked
		reached[0][469] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->word;
		((P0 *)_this)->word = 0;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		/* merge: limit = 0(516, 470, 516) */
		reached[0][470] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->limit);
		((P0 *)_this)->limit = 0;
#ifdef VAR_RANGES
		logval("Caller:limit", ((int)((P0 *)_this)->limit));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 309: // STATE 473 - admission.pml:241 - [(((result==Contended)&&mayWait))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][473] = 1;
		if (!(((((P0 *)_this)->result==1)&&((int)((P0 *)_this)->mayWait))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: result */  (trpt+1)->bup.oval = ((P0 *)_this)->result;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->result = 0;
		_m = 3; goto P999; /* 0 */
	case 310: // STATE 477 - admission.pml:242 - [D_STEP242]
		/* default 258 */
		

		reached[0][477] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_473_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_474_0: /* 2 */
		((P0 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
S_475_0: /* 2 */
		((P0 *)_this)->done = 1;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		goto S_492_0;
S_492_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 311: // STATE 478 - admission.pml:244 - [(((word&1)==0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][478] = 1;
		if (!(((((P0 *)_this)->word&1)==0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 312: // STATE 479 - admission.pml:247 - [((((word&((1|2)|4))!=0)||(((word>>6)+weight)<=limit_)))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][479] = 1;
		if (!((((((P0 *)_this)->word&((1|2)|4))!=0)||(((((P0 *)_this)->word>>6)+((int)((P0 *)_this)->weight))<=((int)now.limit_)))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: word */  (trpt+1)->bup.oval = ((P0 *)_this)->word;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->word = 0;
		_m = 3; goto P999; /* 0 */
	case 313: // STATE 480 - admission.pml:247 - [done = 0] (0:509:2 - 1)
		IfNotBlocked
		reached[0][480] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P0 *)_this)->done);
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		/* merge: .(goto)(509, 491, 509) */
		reached[0][491] = 1;
		;
		/* merge: .(goto)(509, 494, 509) */
		reached[0][494] = 1;
		;
		/* merge: word = 0(509, 495, 509) */
		reached[0][495] = 1;
		(trpt+1)->bup.ovals[1] = ((P0 *)_this)->word;
		((P0 *)_this)->word = 0;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		_m = 3; goto P999; /* 3 */
	case 314: // STATE 489 - admission.pml:253 - [D_STEP253]
		/* default 258 */
		

		reached[0][489] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_481_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_486_0: /* 2 */
S_482_0: /* 2 */
		if (!((now.word_==((P0 *)_this)->word)))
			goto S_486_1;
S_483_0: /* 2 */
		now.word_ = (((P0 *)_this)->word|1);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_487_0;
S_486_1: /* 3 */
S_484_0: /* 2 */
		/* else */;
S_485_0: /* 2 */
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		goto S_487_0;
S_486_2: /* 3 */
		Uerror("blocking sel in d_step (nr.34, near line 258)");
S_487_0: /* 2 */
		goto S_490_0;
S_490_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 315: // STATE 495 - admission.pml:267 - [word = 0] (0:509:1 - 5)
		IfNotBlocked
		reached[0][495] = 1;
		(trpt+1)->bup.oval = ((P0 *)_this)->word;
		((P0 *)_this)->word = 0;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 316: // STATE 496 - admission.pml:269 - [(done)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][496] = 1;
		if (!(((int)((P0 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 317: // STATE 505 - admission.pml:282 - [D_STEP282]
		/* default 258 */
		

		reached[0][505] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_496_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_497_0: /* 2 */
		now.verdict[ Index(((P0 *)_this)->me, 4) ] = 9;
#ifdef VAR_RANGES
		logval("verdict[Caller:me]", now.verdict[ Index(((int)((P0 *)_this)->me), 4) ]);
#endif
		;
S_498_0: /* 2 */
		now.deadline[ Index(((P0 *)_this)->me, 4) ] = ((((int)((P0 *)_this)->me)<1)&&(((int)((P0 *)_this)->now)==0));
#ifdef VAR_RANGES
		logval("deadline[Caller:me]", ((int)now.deadline[ Index(((int)((P0 *)_this)->me), 4) ]));
#endif
		;
S_499_0: /* 2 */
		linked[ Index(((P0 *)_this)->me, 4) ] = 1;
#ifdef VAR_RANGES
		logval("linked[Caller:me]", ((int)linked[ Index(((int)((P0 *)_this)->me), 4) ]));
#endif
		;
S_500_0: /* 2 */
		if (q_full(now.queue_))
			Uerror("block in d_step seq");
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[64];
			sprintf(simvals, "%d!", now.queue_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->me)); strcat(simvals, simtmp);		}
#endif
		
		qsend(now.queue_, 0, ((int)((P0 *)_this)->me), 1);
S_501_0: /* 2 */
		now.queued_ = (((int)now.queued_)+1);
#ifdef VAR_RANGES
		logval("queued_", ((int)now.queued_));
#endif
		;
S_502_0: /* 2 */
		((P0 *)_this)->result = 9;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
S_503_0: /* 2 */
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		goto S_506_0;
S_506_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 318: // STATE 511 - admission.pml:272 - [(((result==Contended)&&!(mayWait)))] (521:0:3 - 1)
		IfNotBlocked
		reached[0][511] = 1;
		if (!(((((P0 *)_this)->result==1)&& !(((int)((P0 *)_this)->mayWait)))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: result */  (trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->result;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->result = 0;
		if (TstOnly) return 1; /* TT */
		/* dead 1: mayWait */  (trpt+1)->bup.ovals[1] = ((P0 *)_this)->mayWait;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->mayWait = 0;
		/* merge: result = Rejected(0, 512, 521) */
		reached[0][512] = 1;
		(trpt+1)->bup.ovals[2] = ((P0 *)_this)->result;
		((P0 *)_this)->result = 7;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		/* merge: goto :b6(0, 513, 521) */
		reached[0][513] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 319: // STATE 522 - admission.pml:587 - [(((deadline[0]||deadline[1])||deadline[2]))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][522] = 1;
		if (!(((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2]))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 320: // STATE 523 - admission.pml:587 - [tends = (tends||!(timerAt_))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][523] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->tends);
		((P0 *)_this)->tends = (((int)((P0 *)_this)->tends)|| !(((int)now.timerAt_)));
#ifdef VAR_RANGES
		logval("Caller:tends", ((int)((P0 *)_this)->tends));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 321: // STATE 524 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][524] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 322: // STATE 527 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[0][527] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_524_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_525_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_533_0;
S_533_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 323: // STATE 528 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][528] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 324: // STATE 531 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[0][531] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_528_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_529_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_533_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 325: // STATE 536 - admission.pml:588 - [(((!(((deadline[0]||deadline[1])||deadline[2]))&&timerAt_)&&!(begins)))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][536] = 1;
		if (!((( !(((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])))&&((int)now.timerAt_))&& !(((int)((P0 *)_this)->begins)))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: begins */  (trpt+1)->bup.oval = ((P0 *)_this)->begins;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->begins = 0;
		_m = 3; goto P999; /* 0 */
	case 326: // STATE 537 - admission.pml:588 - [tends = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[0][537] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->tends);
		((P0 *)_this)->tends = 1;
#ifdef VAR_RANGES
		logval("Caller:tends", ((int)((P0 *)_this)->tends));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 327: // STATE 538 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][538] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 328: // STATE 541 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[0][541] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_538_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_539_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_547_0;
S_547_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 329: // STATE 542 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][542] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 330: // STATE 545 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[0][545] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_542_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_543_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_547_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 331: // STATE 550 - admission.pml:592 - [(((!(((deadline[0]||deadline[1])||deadline[2]))&&timerAt_)&&begins))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][550] = 1;
		if (!((( !(((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])))&&((int)now.timerAt_))&&((int)((P0 *)_this)->begins))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: begins */  (trpt+1)->bup.oval = ((P0 *)_this)->begins;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->begins = 0;
		_m = 3; goto P999; /* 0 */
	case 332: // STATE 551 - admission.pml:604 - [((1&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][551] = 1;
		if (!((1&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 333: // STATE 554 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[0][554] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_551_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_552_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_560_0;
S_560_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 334: // STATE 555 - admission.pml:605 - [((!(1)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][555] = 1;
		if (!(( !(1)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 335: // STATE 558 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[0][558] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_555_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_556_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_560_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 336: // STATE 563 - admission.pml:594 - [((!(((deadline[0]||deadline[1])||deadline[2]))&&!(timerAt_)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][563] = 1;
		if (!(( !(((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])))&& !(((int)now.timerAt_)))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 337: // STATE 564 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][564] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 338: // STATE 567 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[0][567] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_564_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_565_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_573_0;
S_573_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 339: // STATE 568 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][568] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 340: // STATE 571 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[0][571] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_568_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_569_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_573_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 341: // STATE 578 - admission.pml:596 - [begins = 0] (0:593:1 - 17)
		IfNotBlocked
		reached[0][578] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->begins);
		((P0 *)_this)->begins = 0;
#ifdef VAR_RANGES
		logval("Caller:begins", ((int)((P0 *)_this)->begins));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 342: // STATE 592 - admission.pml:84 - [D_STEP84]
		/* default 258 */
		

		reached[0][592] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_579_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_580_0: /* 2 */
		spin_assert(((now.word_>>6)==((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))), "((word_>>6)==((holds[0]+holds[1])+holds[2]))", II, tt, t);
S_581_0: /* 2 */
		spin_assert((((int)now.queued_)==q_len(now.queue_)), "(queued_==q_len(queue_))", II, tt, t);
S_582_0: /* 2 */
		spin_assert((((now.word_&1)!=0)==(q_len(now.queue_)!=0)), "(((word_&1)!=0)==(q_len(queue_)!=0))", II, tt, t);
S_588_0: /* 2 */
S_583_0: /* 2 */
		if (!((q_len(now.queue_)!=0)))
			goto S_588_1;
S_584_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P0 *)_this)->head = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_585_0: /* 2 */
		spin_assert((((int)now.slicing)||(((now.word_>>6)+((int)now.weightOf[ Index(((int)((P0 *)_this)->head), 4) ]))>((int)now.limit_))), "(slicing||(((word_>>6)+weightOf[head])>limit_))", II, tt, t);
S_586_0: /* 2 */
		((P0 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		goto S_589_0;
S_588_1: /* 3 */
S_587_0: /* 2 */
		/* else */;
		goto S_589_0;
S_588_2: /* 3 */
		Uerror("blocking sel in d_step (nr.35, near line 89)");
S_589_0: /* 2 */
S_590_0: /* 2 */
		now.mutex_ = 0;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_729_0;
S_729_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 343: // STATE 595 - limiter.pml:36 - [((ready&1))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][595] = 1;
		if (!((((int)((P0 *)_this)->ready)&1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 344: // STATE 599 - limiter.pml:29 - [D_STEP29]
		/* default 258 */
		

		reached[0][599] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_595_0: /* 2 */
		spin_assert( !(((int)now.woken[0])), " !(woken[0])", II, tt, t);
S_596_0: /* 2 */
		now.woken[0] = 1;
#ifdef VAR_RANGES
		logval("woken[0]", ((int)now.woken[0]));
#endif
		;
S_597_0: /* 2 */
		((P0 *)_this)->ready = (((int)((P0 *)_this)->ready)& ~((1<<0)));
#ifdef VAR_RANGES
		logval("Caller:ready", ((int)((P0 *)_this)->ready));
#endif
		;
		goto S_711_0;
S_711_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 345: // STATE 601 - limiter.pml:37 - [((ready&2))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][601] = 1;
		if (!((((int)((P0 *)_this)->ready)&2)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 346: // STATE 605 - limiter.pml:29 - [D_STEP29]
		/* default 258 */
		

		reached[0][605] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_601_0: /* 2 */
		spin_assert( !(((int)now.woken[1])), " !(woken[1])", II, tt, t);
S_602_0: /* 2 */
		now.woken[1] = 1;
#ifdef VAR_RANGES
		logval("woken[1]", ((int)now.woken[1]));
#endif
		;
S_603_0: /* 2 */
		((P0 *)_this)->ready = (((int)((P0 *)_this)->ready)& ~((1<<1)));
#ifdef VAR_RANGES
		logval("Caller:ready", ((int)((P0 *)_this)->ready));
#endif
		;
		goto S_711_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 347: // STATE 607 - limiter.pml:38 - [((ready&4))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][607] = 1;
		if (!((((int)((P0 *)_this)->ready)&4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 348: // STATE 611 - limiter.pml:29 - [D_STEP29]
		/* default 258 */
		

		reached[0][611] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_607_0: /* 2 */
		spin_assert( !(((int)now.woken[2])), " !(woken[2])", II, tt, t);
S_608_0: /* 2 */
		now.woken[2] = 1;
#ifdef VAR_RANGES
		logval("woken[2]", ((int)now.woken[2]));
#endif
		;
S_609_0: /* 2 */
		((P0 *)_this)->ready = (((int)((P0 *)_this)->ready)& ~((1<<2)));
#ifdef VAR_RANGES
		logval("Caller:ready", ((int)((P0 *)_this)->ready));
#endif
		;
		goto S_711_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 349: // STATE 613 - limiter.pml:39 - [((ready&8))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][613] = 1;
		if (!((((int)((P0 *)_this)->ready)&8)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 350: // STATE 617 - limiter.pml:29 - [D_STEP29]
		/* default 258 */
		

		reached[0][617] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_613_0: /* 2 */
		spin_assert( !(((int)now.woken[3])), " !(woken[3])", II, tt, t);
S_614_0: /* 2 */
		now.woken[3] = 1;
#ifdef VAR_RANGES
		logval("woken[3]", ((int)now.woken[3]));
#endif
		;
S_615_0: /* 2 */
		((P0 *)_this)->ready = (((int)((P0 *)_this)->ready)& ~((1<<3)));
#ifdef VAR_RANGES
		logval("Caller:ready", ((int)((P0 *)_this)->ready));
#endif
		;
		goto S_711_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 351: // STATE 619 - limiter.pml:41 - [(((ready==0)&&tends))] (708:0:2 - 1)
		IfNotBlocked
		reached[0][619] = 1;
		if (!(((((int)((P0 *)_this)->ready)==0)&&((int)((P0 *)_this)->tends))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: tends */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->tends;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->tends = 0;
		/* merge: tends = 0(0, 620, 708) */
		reached[0][620] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->tends);
		((P0 *)_this)->tends = 0;
#ifdef VAR_RANGES
		logval("Caller:tends", ((int)((P0 *)_this)->tends));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 352: // STATE 625 - limiter.pml:67 - [D_STEP67]
		/* default 258 */
		

		reached[0][625] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_620_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_621_0: /* 2 */
		((P0 *)_this)->done = (((int)now.timerTurns_)==0);
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
S_622_0: /* 2 */
		now.timerTurns_ = (((int)now.timerTurns_)+1);
#ifdef VAR_RANGES
		logval("timerTurns_", ((int)now.timerTurns_));
#endif
		;
S_623_0: /* 2 */
		((P0 *)_this)->index = 1;
#ifdef VAR_RANGES
		logval("Caller:index", ((int)((P0 *)_this)->index));
#endif
		;
		goto S_704_0;
S_704_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 353: // STATE 626 - limiter.pml:69 - [(done)] (701:0:2 - 1)
		IfNotBlocked
		reached[0][626] = 1;
		if (!(((int)((P0 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		/* merge: done = 0(0, 627, 701) */
		reached[0][627] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->done);
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		/* merge: .(goto)(0, 702, 701) */
		reached[0][702] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 354: // STATE 631 - admission.pml:79 - [D_STEP79]
		if (!(boq == -1 && ( !(((int)now.mutex_))||((int)now.freed))))
			continue;

		reached[0][631] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_627_0: /* 2 */
		if (!(( !(((int)now.mutex_))||((int)now.freed))))
			Uerror("block in d_step seq");
S_628_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_629_0: /* 2 */
		now.mutex_ = 1;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_634_0;
S_634_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 355: // STATE 635 - admission.pml:613 - [D_STEP613]
		/* default 258 */
		

		reached[0][635] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_632_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_633_0: /* 2 */
		((P0 *)_this)->done = (((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2]))||(((int)now.requested_)&&(((now.word_>>6)!=0)||(((int)now.limit_)<((int)now.ceiling_)))));
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		goto S_635_0;
S_635_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 356: // STATE 636 - admission.pml:614 - [requested_ = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][636] = 1;
		(trpt+1)->bup.oval = ((int)now.requested_);
		now.requested_ = 0;
#ifdef VAR_RANGES
		logval("requested_", ((int)now.requested_));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 357: // STATE 637 - admission.pml:616 - [((done&&timerAt_))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][637] = 1;
		if (!((((int)((P0 *)_this)->done)&&((int)now.timerAt_))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 358: // STATE 638 - admission.pml:616 - [done = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][638] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->done);
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 359: // STATE 639 - admission.pml:617 - [((!(done)&&timerAt_))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][639] = 1;
		if (!(( !(((int)((P0 *)_this)->done))&&((int)now.timerAt_))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 360: // STATE 640 - admission.pml:617 - [more = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[0][640] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->more);
		((P0 *)_this)->more = 1;
#ifdef VAR_RANGES
		logval("Caller:more", ((int)((P0 *)_this)->more));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 361: // STATE 644 - admission.pml:621 - [((done||more))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][644] = 1;
		if (!((((int)((P0 *)_this)->done)||((int)((P0 *)_this)->more))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 362: // STATE 649 - admission.pml:622 - [D_STEP622]
		/* default 258 */
		

		reached[0][649] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_644_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_645_0: /* 2 */
		now.timerAt_ = ((int)((P0 *)_this)->done);
#ifdef VAR_RANGES
		logval("timerAt_", ((int)now.timerAt_));
#endif
		;
S_646_0: /* 2 */
		now.timerGeneration_ = ((((int)now.timerGeneration_)+1)%8);
#ifdef VAR_RANGES
		logval("timerGeneration_", ((int)now.timerGeneration_));
#endif
		;
S_647_0: /* 2 */
		((P0 *)_this)->generation = ((int)now.timerGeneration_);
#ifdef VAR_RANGES
		logval("Caller:generation", ((int)((P0 *)_this)->generation));
#endif
		;
		goto S_660_0;
S_660_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 363: // STATE 650 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][650] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 364: // STATE 653 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[0][653] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_650_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_651_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_659_0;
S_659_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 365: // STATE 654 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][654] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 366: // STATE 657 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[0][657] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_654_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_655_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_659_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 367: // STATE 677 - admission.pml:84 - [D_STEP84]
		/* default 258 */
		

		reached[0][677] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_664_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_665_0: /* 2 */
		spin_assert(((now.word_>>6)==((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))), "((word_>>6)==((holds[0]+holds[1])+holds[2]))", II, tt, t);
S_666_0: /* 2 */
		spin_assert((((int)now.queued_)==q_len(now.queue_)), "(queued_==q_len(queue_))", II, tt, t);
S_667_0: /* 2 */
		spin_assert((((now.word_&1)!=0)==(q_len(now.queue_)!=0)), "(((word_&1)!=0)==(q_len(queue_)!=0))", II, tt, t);
S_673_0: /* 2 */
S_668_0: /* 2 */
		if (!((q_len(now.queue_)!=0)))
			goto S_673_1;
S_669_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P0 *)_this)->head = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_670_0: /* 2 */
		spin_assert((((int)now.slicing)||(((now.word_>>6)+((int)now.weightOf[ Index(((int)((P0 *)_this)->head), 4) ]))>((int)now.limit_))), "(slicing||(((word_>>6)+weightOf[head])>limit_))", II, tt, t);
S_671_0: /* 2 */
		((P0 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		goto S_674_0;
S_673_1: /* 3 */
S_672_0: /* 2 */
		/* else */;
		goto S_674_0;
S_673_2: /* 3 */
		Uerror("blocking sel in d_step (nr.36, near line 89)");
S_674_0: /* 2 */
S_675_0: /* 2 */
		now.mutex_ = 0;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_684_0;
S_684_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 368: // STATE 680 - limiter.pml:85 - [(done)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][680] = 1;
		if (!(((int)((P0 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 369: // STATE 681 - limiter.pml:85 - [timer = (generation+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][681] = 1;
		(trpt+1)->bup.oval = ((int)now.timer);
		now.timer = (((int)((P0 *)_this)->generation)+1);
#ifdef VAR_RANGES
		logval("timer", ((int)now.timer));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 370: // STATE 682 - limiter.pml:86 - [(more)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][682] = 1;
		if (!(((int)((P0 *)_this)->more)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: more */  (trpt+1)->bup.oval = ((P0 *)_this)->more;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->more = 0;
		_m = 3; goto P999; /* 0 */
	case 371: // STATE 683 - limiter.pml:86 - [timer = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][683] = 1;
		(trpt+1)->bup.oval = ((int)now.timer);
		now.timer = 0;
#ifdef VAR_RANGES
		logval("timer", ((int)now.timer));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 372: // STATE 690 - limiter.pml:89 - [D_STEP89]
		IfNotBlocked

		reached[0][690] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_686_0: /* 2 */
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
S_687_0: /* 2 */
		((P0 *)_this)->more = 0;
#ifdef VAR_RANGES
		logval("Caller:more", ((int)((P0 *)_this)->more));
#endif
		;
S_688_0: /* 2 */
		((P0 *)_this)->generation = 0;
#ifdef VAR_RANGES
		logval("Caller:generation", ((int)((P0 *)_this)->generation));
#endif
		;
		goto S_694_0;
S_694_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 373: // STATE 695 - limiter.pml:73 - [D_STEP73]
		/* default 258 */
		

		reached[0][695] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_691_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_692_0: /* 2 */
		now.timerTurns_ = (((int)now.timerTurns_)-((int)((P0 *)_this)->index));
#ifdef VAR_RANGES
		logval("timerTurns_", ((int)now.timerTurns_));
#endif
		;
S_693_0: /* 2 */
		((P0 *)_this)->index = ((int)now.timerTurns_);
#ifdef VAR_RANGES
		logval("Caller:index", ((int)((P0 *)_this)->index));
#endif
		;
		goto S_698_0;
S_698_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 374: // STATE 696 - limiter.pml:74 - [((index==0))] (711:0:2 - 1)
		IfNotBlocked
		reached[0][696] = 1;
		if (!((((int)((P0 *)_this)->index)==0)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: index */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->index;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->index = 0;
		/* merge: goto :b9(711, 697, 711) */
		reached[0][697] = 1;
		;
		/* merge: index = 0(711, 707, 711) */
		reached[0][707] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->index);
		((P0 *)_this)->index = 0;
#ifdef VAR_RANGES
		logval("Caller:index", ((int)((P0 *)_this)->index));
#endif
		;
		/* merge: .(goto)(0, 712, 711) */
		reached[0][712] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 375: // STATE 707 - limiter.pml:78 - [index = 0] (0:711:1 - 5)
		IfNotBlocked
		reached[0][707] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->index);
		((P0 *)_this)->index = 0;
#ifdef VAR_RANGES
		logval("Caller:index", ((int)((P0 *)_this)->index));
#endif
		;
		/* merge: .(goto)(0, 712, 711) */
		reached[0][712] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 376: // STATE 709 - limiter.pml:43 - [(((ready==0)&&!(tends)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][709] = 1;
		if (!(((((int)((P0 *)_this)->ready)==0)&& !(((int)((P0 *)_this)->tends)))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 377: // STATE 714 - limiter.pml:45 - [(lastOut)] (726:0:2 - 1)
		IfNotBlocked
		reached[0][714] = 1;
		if (!(((int)((P0 *)_this)->lastOut)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: lastOut */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->lastOut;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->lastOut = 0;
		/* merge: lastOut = 0(0, 715, 726) */
		reached[0][715] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->lastOut);
		((P0 *)_this)->lastOut = 0;
#ifdef VAR_RANGES
		logval("Caller:lastOut", ((int)((P0 *)_this)->lastOut));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 378: // STATE 725 - limiter.pml:14 - [D_STEP14]
		/* default 258 */
		

		reached[0][725] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_715_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_716_0: /* 2 */
		now.references_ = (((int)now.references_)-1);
#ifdef VAR_RANGES
		logval("references_", ((int)now.references_));
#endif
		;
S_722_0: /* 2 */
S_717_0: /* 2 */
		if (!((((int)now.references_)==0)))
			goto S_722_1;
S_718_0: /* 2 */
		spin_assert((( !(((int)now.mutex_))&&(q_len(now.queue_)==0))&&(q_len(now.drains_)==0)), "(( !(mutex_)&&(q_len(queue_)==0))&&(q_len(drains_)==0))", II, tt, t);
S_719_0: /* 2 */
		spin_assert((((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))==0), "(((holds[0]+holds[1])+holds[2])==0)", II, tt, t);
S_720_0: /* 2 */
		now.freed = 1;
#ifdef VAR_RANGES
		logval("freed", ((int)now.freed));
#endif
		;
		goto S_723_0;
S_722_1: /* 3 */
S_721_0: /* 2 */
		/* else */;
		goto S_723_0;
S_722_2: /* 3 */
		Uerror("blocking sel in d_step (nr.37, near line 17)");
S_723_0: /* 2 */
		goto S_728_0;
S_728_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 379: // STATE 731 - bulkhead.pml:33 - [now = 0] (0:746:1 - 3)
		IfNotBlocked
		reached[0][731] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->now);
		((P0 *)_this)->now = 0;
#ifdef VAR_RANGES
		logval("Caller:now", ((int)((P0 *)_this)->now));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 380: // STATE 732 - bulkhead.pml:35 - [(((result==Waiting)&&0))] (879:0:2 - 1)
		IfNotBlocked
		reached[0][732] = 1;
		if (!(((((P0 *)_this)->result==9)&&0)))
			continue;
		/* merge: kept = 1(879, 733, 879) */
		reached[0][733] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P0 *)_this)->kept);
		((P0 *)_this)->kept = 1;
#ifdef VAR_RANGES
		logval("Caller:kept", ((int)((P0 *)_this)->kept));
#endif
		;
		/* merge: .(goto)(879, 747, 879) */
		reached[0][747] = 1;
		;
		/* merge: .(goto)(879, 750, 879) */
		reached[0][750] = 1;
		;
		/* merge: mayWait = 0(879, 752, 879) */
		reached[0][752] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->mayWait);
		((P0 *)_this)->mayWait = 0;
#ifdef VAR_RANGES
		logval("Caller:mayWait", ((int)((P0 *)_this)->mayWait));
#endif
		;
		_m = 3; goto P999; /* 4 */
	case 381: // STATE 744 - limiter.pml:14 - [D_STEP14]
		/* default 258 */
		

		reached[0][744] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_734_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_735_0: /* 2 */
		now.references_ = (((int)now.references_)-1);
#ifdef VAR_RANGES
		logval("references_", ((int)now.references_));
#endif
		;
S_741_0: /* 2 */
S_736_0: /* 2 */
		if (!((((int)now.references_)==0)))
			goto S_741_1;
S_737_0: /* 2 */
		spin_assert((( !(((int)now.mutex_))&&(q_len(now.queue_)==0))&&(q_len(now.drains_)==0)), "(( !(mutex_)&&(q_len(queue_)==0))&&(q_len(drains_)==0))", II, tt, t);
S_738_0: /* 2 */
		spin_assert((((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))==0), "(((holds[0]+holds[1])+holds[2])==0)", II, tt, t);
S_739_0: /* 2 */
		now.freed = 1;
#ifdef VAR_RANGES
		logval("freed", ((int)now.freed));
#endif
		;
		goto S_742_0;
S_741_1: /* 3 */
S_740_0: /* 2 */
		/* else */;
		goto S_742_0;
S_741_2: /* 3 */
		Uerror("blocking sel in d_step (nr.38, near line 17)");
S_742_0: /* 2 */
		goto S_746_0;
S_746_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 382: // STATE 752 - bulkhead.pml:102 - [mayWait = 0] (0:879:1 - 5)
		IfNotBlocked
		reached[0][752] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->mayWait);
		((P0 *)_this)->mayWait = 0;
#ifdef VAR_RANGES
		logval("Caller:mayWait", ((int)((P0 *)_this)->mayWait));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 383: // STATE 753 - bulkhead.pml:103 - [((result==Waiting))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][753] = 1;
		if (!((((P0 *)_this)->result==9)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: result */  (trpt+1)->bup.oval = ((P0 *)_this)->result;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->result = 0;
		_m = 3; goto P999; /* 0 */
	case 384: // STATE 754 - bulkhead.pml:44 - [(woken[me])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][754] = 1;
		if (!(((int)now.woken[ Index(((int)((P0 *)_this)->me), 4) ])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 385: // STATE 758 - bulkhead.pml:46 - [D_STEP46]
		IfNotBlocked

		reached[0][758] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_754_0: /* 2 */
		((P0 *)_this)->result = now.verdict[ Index(((int)((P0 *)_this)->me), 4) ];
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
S_755_0: /* 2 */
		now.verdict[ Index(((P0 *)_this)->me, 4) ] = 0;
#ifdef VAR_RANGES
		logval("verdict[Caller:me]", now.verdict[ Index(((int)((P0 *)_this)->me), 4) ]);
#endif
		;
S_756_0: /* 2 */
		now.woken[ Index(((P0 *)_this)->me, 4) ] = 0;
#ifdef VAR_RANGES
		logval("woken[Caller:me]", ((int)now.woken[ Index(((int)((P0 *)_this)->me), 4) ]));
#endif
		;
		goto S_858_0;
S_858_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 386: // STATE 759 - bulkhead.pml:50 - [((result==Granted))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][759] = 1;
		if (!((((P0 *)_this)->result==8)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 387: // STATE 762 - admission.pml:355 - [D_STEP355]
		/* default 258 */
		

		reached[0][762] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_759_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_760_0: /* 2 */
		((P0 *)_this)->done = ((now.word_&8)!=0);
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		goto S_854_0;
S_854_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 388: // STATE 764 - limiter.pml:94 - [(done)] (853:0:2 - 1)
		IfNotBlocked
		reached[0][764] = 1;
		if (!(((int)((P0 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		/* merge: done = 0(0, 765, 853) */
		reached[0][765] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->done);
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 389: // STATE 770 - limiter.pml:67 - [D_STEP67]
		/* default 258 */
		

		reached[0][770] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_765_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_766_0: /* 2 */
		((P0 *)_this)->done = (((int)now.timerTurns_)==0);
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
S_767_0: /* 2 */
		now.timerTurns_ = (((int)now.timerTurns_)+1);
#ifdef VAR_RANGES
		logval("timerTurns_", ((int)now.timerTurns_));
#endif
		;
S_768_0: /* 2 */
		((P0 *)_this)->index = 1;
#ifdef VAR_RANGES
		logval("Caller:index", ((int)((P0 *)_this)->index));
#endif
		;
		goto S_849_0;
S_849_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 390: // STATE 771 - limiter.pml:69 - [(done)] (846:0:2 - 1)
		IfNotBlocked
		reached[0][771] = 1;
		if (!(((int)((P0 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		/* merge: done = 0(0, 772, 846) */
		reached[0][772] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->done);
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		/* merge: .(goto)(0, 847, 846) */
		reached[0][847] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 391: // STATE 776 - admission.pml:79 - [D_STEP79]
		if (!(boq == -1 && ( !(((int)now.mutex_))||((int)now.freed))))
			continue;

		reached[0][776] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_772_0: /* 2 */
		if (!(( !(((int)now.mutex_))||((int)now.freed))))
			Uerror("block in d_step seq");
S_773_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_774_0: /* 2 */
		now.mutex_ = 1;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_779_0;
S_779_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 392: // STATE 780 - admission.pml:613 - [D_STEP613]
		/* default 258 */
		

		reached[0][780] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_777_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_778_0: /* 2 */
		((P0 *)_this)->done = (((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2]))||(((int)now.requested_)&&(((now.word_>>6)!=0)||(((int)now.limit_)<((int)now.ceiling_)))));
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		goto S_780_0;
S_780_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 393: // STATE 781 - admission.pml:614 - [requested_ = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][781] = 1;
		(trpt+1)->bup.oval = ((int)now.requested_);
		now.requested_ = 0;
#ifdef VAR_RANGES
		logval("requested_", ((int)now.requested_));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 394: // STATE 782 - admission.pml:616 - [((done&&timerAt_))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][782] = 1;
		if (!((((int)((P0 *)_this)->done)&&((int)now.timerAt_))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 395: // STATE 783 - admission.pml:616 - [done = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][783] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->done);
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 396: // STATE 784 - admission.pml:617 - [((!(done)&&timerAt_))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][784] = 1;
		if (!(( !(((int)((P0 *)_this)->done))&&((int)now.timerAt_))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 397: // STATE 785 - admission.pml:617 - [more = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[0][785] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->more);
		((P0 *)_this)->more = 1;
#ifdef VAR_RANGES
		logval("Caller:more", ((int)((P0 *)_this)->more));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 398: // STATE 789 - admission.pml:621 - [((done||more))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][789] = 1;
		if (!((((int)((P0 *)_this)->done)||((int)((P0 *)_this)->more))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 399: // STATE 794 - admission.pml:622 - [D_STEP622]
		/* default 258 */
		

		reached[0][794] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_789_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_790_0: /* 2 */
		now.timerAt_ = ((int)((P0 *)_this)->done);
#ifdef VAR_RANGES
		logval("timerAt_", ((int)now.timerAt_));
#endif
		;
S_791_0: /* 2 */
		now.timerGeneration_ = ((((int)now.timerGeneration_)+1)%8);
#ifdef VAR_RANGES
		logval("timerGeneration_", ((int)now.timerGeneration_));
#endif
		;
S_792_0: /* 2 */
		((P0 *)_this)->generation = ((int)now.timerGeneration_);
#ifdef VAR_RANGES
		logval("Caller:generation", ((int)((P0 *)_this)->generation));
#endif
		;
		goto S_805_0;
S_805_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 400: // STATE 795 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][795] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 401: // STATE 798 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[0][798] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_795_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_796_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_804_0;
S_804_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 402: // STATE 799 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][799] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 403: // STATE 802 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[0][802] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_799_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_800_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_804_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 404: // STATE 822 - admission.pml:84 - [D_STEP84]
		/* default 258 */
		

		reached[0][822] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_809_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_810_0: /* 2 */
		spin_assert(((now.word_>>6)==((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))), "((word_>>6)==((holds[0]+holds[1])+holds[2]))", II, tt, t);
S_811_0: /* 2 */
		spin_assert((((int)now.queued_)==q_len(now.queue_)), "(queued_==q_len(queue_))", II, tt, t);
S_812_0: /* 2 */
		spin_assert((((now.word_&1)!=0)==(q_len(now.queue_)!=0)), "(((word_&1)!=0)==(q_len(queue_)!=0))", II, tt, t);
S_818_0: /* 2 */
S_813_0: /* 2 */
		if (!((q_len(now.queue_)!=0)))
			goto S_818_1;
S_814_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P0 *)_this)->head = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_815_0: /* 2 */
		spin_assert((((int)now.slicing)||(((now.word_>>6)+((int)now.weightOf[ Index(((int)((P0 *)_this)->head), 4) ]))>((int)now.limit_))), "(slicing||(((word_>>6)+weightOf[head])>limit_))", II, tt, t);
S_816_0: /* 2 */
		((P0 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		goto S_819_0;
S_818_1: /* 3 */
S_817_0: /* 2 */
		/* else */;
		goto S_819_0;
S_818_2: /* 3 */
		Uerror("blocking sel in d_step (nr.39, near line 89)");
S_819_0: /* 2 */
S_820_0: /* 2 */
		now.mutex_ = 0;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_829_0;
S_829_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 405: // STATE 825 - limiter.pml:85 - [(done)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][825] = 1;
		if (!(((int)((P0 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 406: // STATE 826 - limiter.pml:85 - [timer = (generation+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][826] = 1;
		(trpt+1)->bup.oval = ((int)now.timer);
		now.timer = (((int)((P0 *)_this)->generation)+1);
#ifdef VAR_RANGES
		logval("timer", ((int)now.timer));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 407: // STATE 827 - limiter.pml:86 - [(more)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][827] = 1;
		if (!(((int)((P0 *)_this)->more)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: more */  (trpt+1)->bup.oval = ((P0 *)_this)->more;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->more = 0;
		_m = 3; goto P999; /* 0 */
	case 408: // STATE 828 - limiter.pml:86 - [timer = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][828] = 1;
		(trpt+1)->bup.oval = ((int)now.timer);
		now.timer = 0;
#ifdef VAR_RANGES
		logval("timer", ((int)now.timer));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 409: // STATE 835 - limiter.pml:89 - [D_STEP89]
		IfNotBlocked

		reached[0][835] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_831_0: /* 2 */
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
S_832_0: /* 2 */
		((P0 *)_this)->more = 0;
#ifdef VAR_RANGES
		logval("Caller:more", ((int)((P0 *)_this)->more));
#endif
		;
S_833_0: /* 2 */
		((P0 *)_this)->generation = 0;
#ifdef VAR_RANGES
		logval("Caller:generation", ((int)((P0 *)_this)->generation));
#endif
		;
		goto S_839_0;
S_839_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 410: // STATE 840 - limiter.pml:73 - [D_STEP73]
		/* default 258 */
		

		reached[0][840] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_836_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_837_0: /* 2 */
		now.timerTurns_ = (((int)now.timerTurns_)-((int)((P0 *)_this)->index));
#ifdef VAR_RANGES
		logval("timerTurns_", ((int)now.timerTurns_));
#endif
		;
S_838_0: /* 2 */
		((P0 *)_this)->index = ((int)now.timerTurns_);
#ifdef VAR_RANGES
		logval("Caller:index", ((int)((P0 *)_this)->index));
#endif
		;
		goto S_843_0;
S_843_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 411: // STATE 841 - limiter.pml:74 - [((index==0))] (875:0:2 - 1)
		IfNotBlocked
		reached[0][841] = 1;
		if (!((((int)((P0 *)_this)->index)==0)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: index */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->index;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->index = 0;
		/* merge: goto :b10(875, 842, 875) */
		reached[0][842] = 1;
		;
		/* merge: index = 0(875, 852, 875) */
		reached[0][852] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->index);
		((P0 *)_this)->index = 0;
#ifdef VAR_RANGES
		logval("Caller:index", ((int)((P0 *)_this)->index));
#endif
		;
		/* merge: .(goto)(0, 856, 875) */
		reached[0][856] = 1;
		;
		/* merge: .(goto)(0, 860, 875) */
		reached[0][860] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 412: // STATE 852 - limiter.pml:78 - [index = 0] (0:875:1 - 5)
		IfNotBlocked
		reached[0][852] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->index);
		((P0 *)_this)->index = 0;
#ifdef VAR_RANGES
		logval("Caller:index", ((int)((P0 *)_this)->index));
#endif
		;
		/* merge: .(goto)(0, 856, 875) */
		reached[0][856] = 1;
		;
		/* merge: .(goto)(0, 860, 875) */
		reached[0][860] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 413: // STATE 861 - bulkhead.pml:55 - [(kept)] (873:0:2 - 1)
		IfNotBlocked
		reached[0][861] = 1;
		if (!(((int)((P0 *)_this)->kept)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: kept */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->kept;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->kept = 0;
		/* merge: kept = 0(0, 862, 873) */
		reached[0][862] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->kept);
		((P0 *)_this)->kept = 0;
#ifdef VAR_RANGES
		logval("Caller:kept", ((int)((P0 *)_this)->kept));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 414: // STATE 872 - limiter.pml:14 - [D_STEP14]
		/* default 258 */
		

		reached[0][872] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_862_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_863_0: /* 2 */
		now.references_ = (((int)now.references_)-1);
#ifdef VAR_RANGES
		logval("references_", ((int)now.references_));
#endif
		;
S_869_0: /* 2 */
S_864_0: /* 2 */
		if (!((((int)now.references_)==0)))
			goto S_869_1;
S_865_0: /* 2 */
		spin_assert((( !(((int)now.mutex_))&&(q_len(now.queue_)==0))&&(q_len(now.drains_)==0)), "(( !(mutex_)&&(q_len(queue_)==0))&&(q_len(drains_)==0))", II, tt, t);
S_866_0: /* 2 */
		spin_assert((((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))==0), "(((holds[0]+holds[1])+holds[2])==0)", II, tt, t);
S_867_0: /* 2 */
		now.freed = 1;
#ifdef VAR_RANGES
		logval("freed", ((int)now.freed));
#endif
		;
		goto S_870_0;
S_869_1: /* 3 */
S_868_0: /* 2 */
		/* else */;
		goto S_870_0;
S_869_2: /* 3 */
		Uerror("blocking sel in d_step (nr.40, near line 17)");
S_870_0: /* 2 */
		goto S_875_0;
S_875_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 415: // STATE 884 - bulkhead.pml:104 - [D_STEP104]
		/* default 258 */
		

		reached[0][884] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_880_0: /* 2 */
		spin_assert((((((P0 *)_this)->result!=0)&&(((P0 *)_this)->result!=9))&&(((P0 *)_this)->result!=1)), "(((result!=0)&&(result!=9))&&(result!=1))", II, tt, t);
S_881_0: /* 2 */
		spin_assert(((((P0 *)_this)->result!=2)||0), "((result!=2)||0)", II, tt, t);
S_882_0: /* 2 */
		now.weightOf[ Index(((P0 *)_this)->me, 4) ] = 0;
#ifdef VAR_RANGES
		logval("weightOf[Caller:me]", ((int)now.weightOf[ Index(((int)((P0 *)_this)->me), 4) ]));
#endif
		;
		goto S_1344_0;
S_1344_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 416: // STATE 885 - bulkhead.pml:107 - [(((result==Granted)&&(me<0)))] (1348:0:3 - 1)
		IfNotBlocked
		reached[0][885] = 1;
		if (!(((((P0 *)_this)->result==8)&&(((int)((P0 *)_this)->me)<0))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: result */  (trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->result;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->result = 0;
		/* merge: result = 0(1348, 886, 1348) */
		reached[0][886] = 1;
		(trpt+1)->bup.ovals[1] = ((P0 *)_this)->result;
		((P0 *)_this)->result = 0;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		/* merge: .(goto)(1348, 1346, 1348) */
		reached[0][1346] = 1;
		;
		/* merge: weight = 0(1348, 1347, 1348) */
		reached[0][1347] = 1;
		(trpt+1)->bup.ovals[2] = ((int)((P0 *)_this)->weight);
		((P0 *)_this)->weight = 0;
#ifdef VAR_RANGES
		logval("Caller:weight", ((int)((P0 *)_this)->weight));
#endif
		;
		/* merge: .(goto)(0, 1349, 1348) */
		reached[0][1349] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 417: // STATE 887 - bulkhead.pml:108 - [(((result==Granted)&&(me>=0)))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][887] = 1;
		if (!(((((P0 *)_this)->result==8)&&(((int)((P0 *)_this)->me)>=0))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: result */  (trpt+1)->bup.oval = ((P0 *)_this)->result;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->result = 0;
		_m = 3; goto P999; /* 0 */
	case 418: // STATE 892 - bulkhead.pml:109 - [D_STEP109]
		IfNotBlocked

		reached[0][892] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_887_0: /* 2 */
		((P0 *)_this)->result = 0;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
S_888_0: /* 2 */
		((P0 *)_this)->held = ((int)((P0 *)_this)->weight);
#ifdef VAR_RANGES
		logval("Caller:held", ((int)((P0 *)_this)->held));
#endif
		;
S_889_0: /* 2 */
		spin_assert((((int)now.holds[ Index(((int)((P0 *)_this)->me), 4) ])==((int)((P0 *)_this)->held)), "(holds[me]==held)", II, tt, t);
S_890_0: /* 2 */
		((P0 *)_this)->now = ((int)now.clock);
#ifdef VAR_RANGES
		logval("Caller:now", ((int)((P0 *)_this)->now));
#endif
		;
		goto S_940_0;
S_940_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 419: // STATE 895 - admission.pml:201 - [D_STEP201]
		/* default 258 */
		

		reached[0][895] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_892_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_893_0: /* 2 */
		((P0 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		goto S_935_0;
S_935_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 420: // STATE 896 - admission.pml:203 - [next = (word-(held<<6))] (0:902:2 - 1)
		IfNotBlocked
		reached[0][896] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->next;
		((P0 *)_this)->next = (((P0 *)_this)->word-(((int)((P0 *)_this)->held)<<6));
#ifdef VAR_RANGES
		logval("Caller:next", ((P0 *)_this)->next);
#endif
		;
		/* merge: done = 1(902, 897, 902) */
		reached[0][897] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->done);
		((P0 *)_this)->done = 1;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 421: // STATE 899 - admission.pml:206 - [(((next&(((1|2)|4)|8))!=0))] (907:0:1 - 1)
		IfNotBlocked
		reached[0][899] = 1;
		if (!(((((P0 *)_this)->next&(((1|2)|4)|8))!=0)))
			continue;
		/* merge: done = 0(0, 900, 907) */
		reached[0][900] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->done);
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		/* merge: .(goto)(0, 903, 907) */
		reached[0][903] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 422: // STATE 904 - admission.pml:211 - [(!(done))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][904] = 1;
		if (!( !(((int)((P0 *)_this)->done))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 423: // STATE 924 - admission.pml:213 - [D_STEP213]
		/* default 258 */
		

		reached[0][924] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_908_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_921_0: /* 2 */
S_909_0: /* 2 */
		if (!((now.word_==((P0 *)_this)->word)))
			goto S_921_1;
S_910_0: /* 2 */
		now.word_ = ((P0 *)_this)->next;
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
S_911_0: /* 2 */
		now.holds[ Index(((P0 *)_this)->me, 4) ] = 0;
#ifdef VAR_RANGES
		logval("holds[Caller:me]", ((int)now.holds[ Index(((int)((P0 *)_this)->me), 4) ]));
#endif
		;
S_915_0: /* 2 */
S_912_0: /* 2 */
		if (!( !(((int)now.mutex_))))
			goto S_915_1;
S_913_0: /* 2 */
		spin_assert(((now.word_>>6)==((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))), "((word_>>6)==((holds[0]+holds[1])+holds[2]))", II, tt, t);
		goto S_916_0;
S_915_1: /* 3 */
S_914_0: /* 2 */
		/* else */;
		goto S_916_0;
S_915_2: /* 3 */
		Uerror("blocking sel in d_step (nr.41, near line 219)");
S_916_0: /* 2 */
S_917_0: /* 2 */
		((P0 *)_this)->word = 0;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		goto S_922_0;
S_921_1: /* 3 */
S_918_0: /* 2 */
		/* else */;
S_919_0: /* 2 */
		((P0 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
S_920_0: /* 2 */
		((P0 *)_this)->next = 0;
#ifdef VAR_RANGES
		logval("Caller:next", ((P0 *)_this)->next);
#endif
		;
		goto S_922_0;
S_921_2: /* 3 */
		Uerror("blocking sel in d_step (nr.42, near line 215)");
S_922_0: /* 2 */
		goto S_932_0;
S_932_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 424: // STATE 925 - admission.pml:225 - [((word==0))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][925] = 1;
		if (!((((P0 *)_this)->word==0)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: word */  (trpt+1)->bup.oval = ((P0 *)_this)->word;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->word = 0;
		_m = 3; goto P999; /* 0 */
	case 425: // STATE 926 - admission.pml:225 - [(!(done))] (940:0:1 - 1)
		IfNotBlocked
		reached[0][926] = 1;
		if (!( !(((int)((P0 *)_this)->done))))
			continue;
		/* merge: held = 0(0, 927, 940) */
		reached[0][927] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->held);
		((P0 *)_this)->held = 0;
#ifdef VAR_RANGES
		logval("Caller:held", ((int)((P0 *)_this)->held));
#endif
		;
		/* merge: .(goto)(0, 930, 940) */
		reached[0][930] = 1;
		;
		/* merge: goto :b11(0, 931, 940) */
		reached[0][931] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 426: // STATE 938 - admission.pml:229 - [word = 0] (0:1339:2 - 1)
		IfNotBlocked
		reached[0][938] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->word;
		((P0 *)_this)->word = 0;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		/* merge: next = 0(1339, 939, 1339) */
		reached[0][939] = 1;
		(trpt+1)->bup.ovals[1] = ((P0 *)_this)->next;
		((P0 *)_this)->next = 0;
#ifdef VAR_RANGES
		logval("Caller:next", ((P0 *)_this)->next);
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 427: // STATE 942 - bulkhead.pml:112 - [(!(done))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][942] = 1;
		if (!( !(((int)((P0 *)_this)->done))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 428: // STATE 945 - limiter.pml:10 - [D_STEP10]
		/* default 258 */
		

		reached[0][945] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_942_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_943_0: /* 2 */
		now.references_ = (((int)now.references_)+1);
#ifdef VAR_RANGES
		logval("references_", ((int)now.references_));
#endif
		;
		goto S_1187_0;
S_1187_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 429: // STATE 950 - admission.pml:79 - [D_STEP79]
		if (!(boq == -1 && ( !(((int)now.mutex_))||((int)now.freed))))
			continue;

		reached[0][950] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_946_0: /* 2 */
		if (!(( !(((int)now.mutex_))||((int)now.freed))))
			Uerror("block in d_step seq");
S_947_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_948_0: /* 2 */
		now.mutex_ = 1;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_955_0;
S_955_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 430: // STATE 956 - admission.pml:296 - [D_STEP296]
		/* default 258 */
		

		reached[0][956] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_951_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_952_0: /* 2 */
		now.word_ = (now.word_-(((int)((P0 *)_this)->held)<<6));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
S_953_0: /* 2 */
		now.holds[ Index(((P0 *)_this)->me, 4) ] = 0;
#ifdef VAR_RANGES
		logval("holds[Caller:me]", ((int)now.holds[ Index(((int)((P0 *)_this)->me), 4) ]));
#endif
		;
S_954_0: /* 2 */
		((P0 *)_this)->held = 0;
#ifdef VAR_RANGES
		logval("Caller:held", ((int)((P0 *)_this)->held));
#endif
		;
		goto S_1065_0;
S_1065_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 431: // STATE 957 - admission.pml:482 - [(((queued_!=0)||(len(drains_)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][957] = 1;
		if (!(((((int)now.queued_)!=0)||(q_len(now.drains_)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 432: // STATE 958 - admission.pml:499 - [(((now==1)&&((deadline[0]||deadline[1])||deadline[2])))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][958] = 1;
		if (!(((((int)((P0 *)_this)->now)==1)&&((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 433: // STATE 959 - admission.pml:490 - [(deadline[0])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][959] = 1;
		if (!(((int)now.deadline[0])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 434: // STATE 960 - admission.pml:490 - [head = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][960] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->head);
		((P0 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 435: // STATE 961 - admission.pml:491 - [(deadline[1])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][961] = 1;
		if (!(((int)now.deadline[1])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 436: // STATE 962 - admission.pml:491 - [head = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[0][962] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->head);
		((P0 *)_this)->head = 1;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 437: // STATE 963 - admission.pml:492 - [(deadline[2])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][963] = 1;
		if (!(((int)now.deadline[2])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 438: // STATE 964 - admission.pml:492 - [head = 2] (0:0:1 - 1)
		IfNotBlocked
		reached[0][964] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->head);
		((P0 *)_this)->head = 2;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 439: // STATE 989 - admission.pml:546 - [D_STEP546]
		/* default 258 */
		

		reached[0][989] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_967_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_968_0: /* 2 */
		spin_assert((now.verdict[ Index(((int)((P0 *)_this)->head), 4) ]==9), "(verdict[head]==9)", II, tt, t);
S_969_0: /* 2 */
		now.verdict[ Index(((P0 *)_this)->head, 4) ] = 6;
#ifdef VAR_RANGES
		logval("verdict[Caller:head]", now.verdict[ Index(((int)((P0 *)_this)->head), 4) ]);
#endif
		;
S_970_0: /* 2 */
		linked[ Index(((P0 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("linked[Caller:head]", ((int)linked[ Index(((int)((P0 *)_this)->head), 4) ]));
#endif
		;
S_971_0: /* 2 */
		now.deadline[ Index(((P0 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("deadline[Caller:head]", ((int)now.deadline[ Index(((int)((P0 *)_this)->head), 4) ]));
#endif
		;
S_985_0: /* 2 */
S_972_0: /* 2 */
		if (!((((int)((P0 *)_this)->head)==3)))
			goto S_985_1;
S_973_0: /* 2 */
		if (q_len(now.drains_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.drains_, 1, ((int)((P0 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.drains_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.drains_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
		goto S_986_0;
S_985_1: /* 3 */
S_974_0: /* 2 */
		/* else */;
S_981_0: /* 2 */
S_975_0: /* 2 */
		if (!((6==8)))
			goto S_981_1;
S_976_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P0 *)_this)->next = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Caller:next", ((P0 *)_this)->next);
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((P0 *)_this)->next); strcat(simvals, simtmp);		}
#endif
		;
S_977_0: /* 2 */
		spin_assert((((P0 *)_this)->next==((int)((P0 *)_this)->head)), "(next==head)", II, tt, t);
S_978_0: /* 2 */
		((P0 *)_this)->next = 0;
#ifdef VAR_RANGES
		logval("Caller:next", ((P0 *)_this)->next);
#endif
		;
S_979_0: /* 2 */
		now.holds[ Index(((P0 *)_this)->head, 4) ] = ((int)now.weightOf[ Index(((int)((P0 *)_this)->head), 4) ]);
#ifdef VAR_RANGES
		logval("holds[Caller:head]", ((int)now.holds[ Index(((int)((P0 *)_this)->head), 4) ]));
#endif
		;
		goto S_982_0;
S_981_1: /* 3 */
S_980_0: /* 2 */
		/* else */;
		goto S_982_0;
S_981_2: /* 3 */
		Uerror("blocking sel in d_step (nr.43, near line 557)");
S_982_0: /* 2 */
S_983_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.queue_, 1, ((int)((P0 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.queue_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_984_0: /* 2 */
		now.queued_ = (((int)now.queued_)-1);
#ifdef VAR_RANGES
		logval("queued_", ((int)now.queued_));
#endif
		;
		goto S_986_0;
S_985_2: /* 3 */
		Uerror("blocking sel in d_step (nr.44, near line 554)");
S_986_0: /* 2 */
S_987_0: /* 2 */
		((P0 *)_this)->ready = (((int)((P0 *)_this)->ready)|(1<<((int)((P0 *)_this)->head)));
#ifdef VAR_RANGES
		logval("Caller:ready", ((int)((P0 *)_this)->ready));
#endif
		;
		goto S_994_0;
S_994_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 440: // STATE 990 - admission.pml:569 - [(((head!=3)&&(queued_==0)))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][990] = 1;
		if (!(((((int)((P0 *)_this)->head)!=3)&&(((int)now.queued_)==0))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: head */  (trpt+1)->bup.oval = ((P0 *)_this)->head;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->head = 0;
		_m = 3; goto P999; /* 0 */
	case 441: // STATE 993 - admission.pml:569 - [D_STEP569]
		/* default 258 */
		

		reached[0][993] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_990_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_991_0: /* 2 */
		now.word_ = (now.word_& ~(1));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_995_0;
S_995_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 442: // STATE 998 - admission.pml:499 - [head = 0] (0:1001:1 - 3)
		IfNotBlocked
		reached[0][998] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->head);
		((P0 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		/* merge: .(goto)(0, 1002, 1001) */
		reached[0][1002] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 443: // STATE 1004 - admission.pml:502 - [slicing = 0] (0:0:1 - 3)
		IfNotBlocked
		reached[0][1004] = 1;
		(trpt+1)->bup.oval = ((int)now.slicing);
		now.slicing = 0;
#ifdef VAR_RANGES
		logval("slicing", ((int)now.slicing));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 444: // STATE 1006 - admission.pml:510 - [((len(queue_)!=0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1006] = 1;
		if (!((q_len(now.queue_)!=0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 445: // STATE 1012 - admission.pml:511 - [D_STEP511]
		/* default 258 */
		

		reached[0][1012] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1006_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1007_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P0 *)_this)->head = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_1008_0: /* 2 */
		((P0 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
S_1009_0: /* 2 */
		((P0 *)_this)->done = (((int)now.weightOf[ Index(((int)((P0 *)_this)->head), 4) ])<=(((int)now.limit_)-(((P0 *)_this)->word>>6)));
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
S_1010_0: /* 2 */
		((P0 *)_this)->word = 0;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		goto S_1053_0;
S_1053_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 446: // STATE 1013 - admission.pml:523 - [(done)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1013] = 1;
		if (!(((int)((P0 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 447: // STATE 1019 - admission.pml:524 - [D_STEP524]
		/* default 258 */
		

		reached[0][1019] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1013_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1014_0: /* 2 */
		now.word_ = (now.word_+(((int)now.weightOf[ Index(((int)((P0 *)_this)->head), 4) ])<<6));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
S_1015_0: /* 2 */
		spin_assert((((now.word_>>6)<=((int)now.limit_))||((now.word_>>6)<=((int)now.limitBefore))), "(((word_>>6)<=limit_)||((word_>>6)<=limitBefore))", II, tt, t);
S_1016_0: /* 2 */
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
S_1017_0: /* 2 */
		((P0 *)_this)->begins = 1;
#ifdef VAR_RANGES
		logval("Caller:begins", ((int)((P0 *)_this)->begins));
#endif
		;
		goto S_1048_0;
S_1048_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 448: // STATE 1041 - admission.pml:546 - [D_STEP546]
		/* default 258 */
		

		reached[0][1041] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1019_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1020_0: /* 2 */
		spin_assert((now.verdict[ Index(((int)((P0 *)_this)->head), 4) ]==9), "(verdict[head]==9)", II, tt, t);
S_1021_0: /* 2 */
		now.verdict[ Index(((P0 *)_this)->head, 4) ] = 8;
#ifdef VAR_RANGES
		logval("verdict[Caller:head]", now.verdict[ Index(((int)((P0 *)_this)->head), 4) ]);
#endif
		;
S_1022_0: /* 2 */
		linked[ Index(((P0 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("linked[Caller:head]", ((int)linked[ Index(((int)((P0 *)_this)->head), 4) ]));
#endif
		;
S_1023_0: /* 2 */
		now.deadline[ Index(((P0 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("deadline[Caller:head]", ((int)now.deadline[ Index(((int)((P0 *)_this)->head), 4) ]));
#endif
		;
S_1037_0: /* 2 */
S_1024_0: /* 2 */
		if (!((((int)((P0 *)_this)->head)==3)))
			goto S_1037_1;
S_1025_0: /* 2 */
		if (q_len(now.drains_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.drains_, 1, ((int)((P0 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.drains_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.drains_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
		goto S_1038_0;
S_1037_1: /* 3 */
S_1026_0: /* 2 */
		/* else */;
S_1033_0: /* 2 */
S_1027_0: /* 2 */
		if (!((8==8)))
			goto S_1033_1;
S_1028_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P0 *)_this)->next = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Caller:next", ((P0 *)_this)->next);
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((P0 *)_this)->next); strcat(simvals, simtmp);		}
#endif
		;
S_1029_0: /* 2 */
		spin_assert((((P0 *)_this)->next==((int)((P0 *)_this)->head)), "(next==head)", II, tt, t);
S_1030_0: /* 2 */
		((P0 *)_this)->next = 0;
#ifdef VAR_RANGES
		logval("Caller:next", ((P0 *)_this)->next);
#endif
		;
S_1031_0: /* 2 */
		now.holds[ Index(((P0 *)_this)->head, 4) ] = ((int)now.weightOf[ Index(((int)((P0 *)_this)->head), 4) ]);
#ifdef VAR_RANGES
		logval("holds[Caller:head]", ((int)now.holds[ Index(((int)((P0 *)_this)->head), 4) ]));
#endif
		;
		goto S_1034_0;
S_1033_1: /* 3 */
S_1032_0: /* 2 */
		/* else */;
		goto S_1034_0;
S_1033_2: /* 3 */
		Uerror("blocking sel in d_step (nr.45, near line 557)");
S_1034_0: /* 2 */
S_1035_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.queue_, 1, ((int)((P0 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.queue_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_1036_0: /* 2 */
		now.queued_ = (((int)now.queued_)-1);
#ifdef VAR_RANGES
		logval("queued_", ((int)now.queued_));
#endif
		;
		goto S_1038_0;
S_1037_2: /* 3 */
		Uerror("blocking sel in d_step (nr.46, near line 554)");
S_1038_0: /* 2 */
S_1039_0: /* 2 */
		((P0 *)_this)->ready = (((int)((P0 *)_this)->ready)|(1<<((int)((P0 *)_this)->head)));
#ifdef VAR_RANGES
		logval("Caller:ready", ((int)((P0 *)_this)->ready));
#endif
		;
		goto S_1046_0;
S_1046_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 449: // STATE 1042 - admission.pml:569 - [(((head!=3)&&(queued_==0)))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1042] = 1;
		if (!(((((int)((P0 *)_this)->head)!=3)&&(((int)now.queued_)==0))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: head */  (trpt+1)->bup.oval = ((P0 *)_this)->head;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->head = 0;
		_m = 3; goto P999; /* 0 */
	case 450: // STATE 1045 - admission.pml:569 - [D_STEP569]
		/* default 258 */
		

		reached[0][1045] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1042_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1043_0: /* 2 */
		now.word_ = (now.word_& ~(1));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1047_0;
S_1047_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 451: // STATE 1050 - admission.pml:534 - [head = 0] (0:1058:1 - 3)
		IfNotBlocked
		reached[0][1050] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->head);
		((P0 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		/* merge: .(goto)(0, 1055, 1058) */
		reached[0][1055] = 1;
		;
		/* merge: .(goto)(0, 1059, 1058) */
		reached[0][1059] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 452: // STATE 1052 - admission.pml:535 - [head = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1052] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->head);
		((P0 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 453: // STATE 1069 - admission.pml:303 - [D_STEP303]
		/* default 258 */
		

		reached[0][1069] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1066_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1067_0: /* 2 */
		((P0 *)_this)->word = now.word_;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		goto S_1112_0;
S_1112_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 454: // STATE 1070 - admission.pml:305 - [((((word&2)!=0)&&((word>>6)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1070] = 1;
		if (!((((((P0 *)_this)->word&2)!=0)&&((((P0 *)_this)->word>>6)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 455: // STATE 1071 - admission.pml:576 - [((len(drains_)!=0))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1071] = 1;
		if (!((q_len(now.drains_)!=0)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 456: // STATE 1072 - admission.pml:576 - [drains_?<head>] (0:0:2 - 1)
		reached[0][1072] = 1;
		if (q_len(now.drains_) == 0) continue;

		XX=1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P0 *)_this)->head);
		;
		((P0 *)_this)->head = qrecv(now.drains_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.drains_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
		_m = 4; goto P999; /* 0 */
	case 457: // STATE 1094 - admission.pml:546 - [D_STEP546]
		/* default 258 */
		

		reached[0][1094] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1072_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1073_0: /* 2 */
		spin_assert((now.verdict[ Index(((int)((P0 *)_this)->head), 4) ]==9), "(verdict[head]==9)", II, tt, t);
S_1074_0: /* 2 */
		now.verdict[ Index(((P0 *)_this)->head, 4) ] = 8;
#ifdef VAR_RANGES
		logval("verdict[Caller:head]", now.verdict[ Index(((int)((P0 *)_this)->head), 4) ]);
#endif
		;
S_1075_0: /* 2 */
		linked[ Index(((P0 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("linked[Caller:head]", ((int)linked[ Index(((int)((P0 *)_this)->head), 4) ]));
#endif
		;
S_1076_0: /* 2 */
		now.deadline[ Index(((P0 *)_this)->head, 4) ] = 0;
#ifdef VAR_RANGES
		logval("deadline[Caller:head]", ((int)now.deadline[ Index(((int)((P0 *)_this)->head), 4) ]));
#endif
		;
S_1090_0: /* 2 */
S_1077_0: /* 2 */
		if (!((((int)((P0 *)_this)->head)==3)))
			goto S_1090_1;
S_1078_0: /* 2 */
		if (q_len(now.drains_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.drains_, 1, ((int)((P0 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.drains_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.drains_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
		goto S_1091_0;
S_1090_1: /* 3 */
S_1079_0: /* 2 */
		/* else */;
S_1086_0: /* 2 */
S_1080_0: /* 2 */
		if (!((8==8)))
			goto S_1086_1;
S_1081_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P0 *)_this)->next = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Caller:next", ((P0 *)_this)->next);
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((P0 *)_this)->next); strcat(simvals, simtmp);		}
#endif
		;
S_1082_0: /* 2 */
		spin_assert((((P0 *)_this)->next==((int)((P0 *)_this)->head)), "(next==head)", II, tt, t);
S_1083_0: /* 2 */
		((P0 *)_this)->next = 0;
#ifdef VAR_RANGES
		logval("Caller:next", ((P0 *)_this)->next);
#endif
		;
S_1084_0: /* 2 */
		now.holds[ Index(((P0 *)_this)->head, 4) ] = ((int)now.weightOf[ Index(((int)((P0 *)_this)->head), 4) ]);
#ifdef VAR_RANGES
		logval("holds[Caller:head]", ((int)now.holds[ Index(((int)((P0 *)_this)->head), 4) ]));
#endif
		;
		goto S_1087_0;
S_1086_1: /* 3 */
S_1085_0: /* 2 */
		/* else */;
		goto S_1087_0;
S_1086_2: /* 3 */
		Uerror("blocking sel in d_step (nr.47, near line 557)");
S_1087_0: /* 2 */
S_1088_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		if (!(XX = Q_has(now.queue_, 1, ((int)((P0 *)_this)->head)))) Uerror("block in d_step seq");
		qrecv(now.queue_, XX-1, 0, 1);
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_1089_0: /* 2 */
		now.queued_ = (((int)now.queued_)-1);
#ifdef VAR_RANGES
		logval("queued_", ((int)now.queued_));
#endif
		;
		goto S_1091_0;
S_1090_2: /* 3 */
		Uerror("blocking sel in d_step (nr.48, near line 554)");
S_1091_0: /* 2 */
S_1092_0: /* 2 */
		((P0 *)_this)->ready = (((int)((P0 *)_this)->ready)|(1<<((int)((P0 *)_this)->head)));
#ifdef VAR_RANGES
		logval("Caller:ready", ((int)((P0 *)_this)->ready));
#endif
		;
		goto S_1099_0;
S_1099_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 458: // STATE 1095 - admission.pml:569 - [(((head!=3)&&(queued_==0)))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1095] = 1;
		if (!(((((int)((P0 *)_this)->head)!=3)&&(((int)now.queued_)==0))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: head */  (trpt+1)->bup.oval = ((P0 *)_this)->head;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->head = 0;
		_m = 3; goto P999; /* 0 */
	case 459: // STATE 1098 - admission.pml:569 - [D_STEP569]
		/* default 258 */
		

		reached[0][1098] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1095_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1096_0: /* 2 */
		now.word_ = (now.word_& ~(1));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1100_0;
S_1100_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 460: // STATE 1103 - admission.pml:576 - [head = 0] (0:1106:1 - 3)
		IfNotBlocked
		reached[0][1103] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->head);
		((P0 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		/* merge: .(goto)(0, 1107, 1106) */
		reached[0][1107] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 461: // STATE 1109 - admission.pml:579 - [(1)] (1173:0:2 - 3)
		IfNotBlocked
		reached[0][1109] = 1;
		if (!(1))
			continue;
		/* merge: lastOut = ((word&4)!=0)(1173, 1111, 1173) */
		reached[0][1111] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)((P0 *)_this)->lastOut);
		((P0 *)_this)->lastOut = ((((P0 *)_this)->word&4)!=0);
#ifdef VAR_RANGES
		logval("Caller:lastOut", ((int)((P0 *)_this)->lastOut));
#endif
		;
		/* merge: .(goto)(1173, 1114, 1173) */
		reached[0][1114] = 1;
		;
		/* merge: word = 0(1173, 1115, 1173) */
		reached[0][1115] = 1;
		(trpt+1)->bup.ovals[1] = ((P0 *)_this)->word;
		((P0 *)_this)->word = 0;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		_m = 3; goto P999; /* 3 */
	case 462: // STATE 1115 - admission.pml:314 - [word = 0] (0:1173:1 - 3)
		IfNotBlocked
		reached[0][1115] = 1;
		(trpt+1)->bup.oval = ((P0 *)_this)->word;
		((P0 *)_this)->word = 0;
#ifdef VAR_RANGES
		logval("Caller:word", ((P0 *)_this)->word);
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 463: // STATE 1116 - admission.pml:587 - [(((deadline[0]||deadline[1])||deadline[2]))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1116] = 1;
		if (!(((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2]))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 464: // STATE 1117 - admission.pml:587 - [tends = (tends||!(timerAt_))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1117] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->tends);
		((P0 *)_this)->tends = (((int)((P0 *)_this)->tends)|| !(((int)now.timerAt_)));
#ifdef VAR_RANGES
		logval("Caller:tends", ((int)((P0 *)_this)->tends));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 465: // STATE 1118 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1118] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 466: // STATE 1121 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[0][1121] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1118_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1119_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1127_0;
S_1127_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 467: // STATE 1122 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1122] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 468: // STATE 1125 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[0][1125] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1122_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1123_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1127_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 469: // STATE 1130 - admission.pml:588 - [(((!(((deadline[0]||deadline[1])||deadline[2]))&&timerAt_)&&!(begins)))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1130] = 1;
		if (!((( !(((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])))&&((int)now.timerAt_))&& !(((int)((P0 *)_this)->begins)))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: begins */  (trpt+1)->bup.oval = ((P0 *)_this)->begins;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->begins = 0;
		_m = 3; goto P999; /* 0 */
	case 470: // STATE 1131 - admission.pml:588 - [tends = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1131] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->tends);
		((P0 *)_this)->tends = 1;
#ifdef VAR_RANGES
		logval("Caller:tends", ((int)((P0 *)_this)->tends));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 471: // STATE 1132 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1132] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 472: // STATE 1135 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[0][1135] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1132_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1133_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1141_0;
S_1141_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 473: // STATE 1136 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1136] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 474: // STATE 1139 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[0][1139] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1136_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1137_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1141_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 475: // STATE 1144 - admission.pml:592 - [(((!(((deadline[0]||deadline[1])||deadline[2]))&&timerAt_)&&begins))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1144] = 1;
		if (!((( !(((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])))&&((int)now.timerAt_))&&((int)((P0 *)_this)->begins))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: begins */  (trpt+1)->bup.oval = ((P0 *)_this)->begins;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->begins = 0;
		_m = 3; goto P999; /* 0 */
	case 476: // STATE 1145 - admission.pml:604 - [((1&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1145] = 1;
		if (!((1&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 477: // STATE 1148 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[0][1148] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1145_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1146_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1154_0;
S_1154_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 478: // STATE 1149 - admission.pml:605 - [((!(1)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1149] = 1;
		if (!(( !(1)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 479: // STATE 1152 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[0][1152] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1149_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1150_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1154_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 480: // STATE 1157 - admission.pml:594 - [((!(((deadline[0]||deadline[1])||deadline[2]))&&!(timerAt_)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1157] = 1;
		if (!(( !(((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2])))&& !(((int)now.timerAt_)))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 481: // STATE 1158 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1158] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 482: // STATE 1161 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[0][1161] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1158_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1159_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1167_0;
S_1167_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 483: // STATE 1162 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1162] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 484: // STATE 1165 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[0][1165] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1162_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1163_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1167_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 485: // STATE 1172 - admission.pml:596 - [begins = 0] (0:1187:1 - 17)
		IfNotBlocked
		reached[0][1172] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->begins);
		((P0 *)_this)->begins = 0;
#ifdef VAR_RANGES
		logval("Caller:begins", ((int)((P0 *)_this)->begins));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 486: // STATE 1186 - admission.pml:84 - [D_STEP84]
		/* default 258 */
		

		reached[0][1186] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1173_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1174_0: /* 2 */
		spin_assert(((now.word_>>6)==((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))), "((word_>>6)==((holds[0]+holds[1])+holds[2]))", II, tt, t);
S_1175_0: /* 2 */
		spin_assert((((int)now.queued_)==q_len(now.queue_)), "(queued_==q_len(queue_))", II, tt, t);
S_1176_0: /* 2 */
		spin_assert((((now.word_&1)!=0)==(q_len(now.queue_)!=0)), "(((word_&1)!=0)==(q_len(queue_)!=0))", II, tt, t);
S_1182_0: /* 2 */
S_1177_0: /* 2 */
		if (!((q_len(now.queue_)!=0)))
			goto S_1182_1;
S_1178_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P0 *)_this)->head = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_1179_0: /* 2 */
		spin_assert((((int)now.slicing)||(((now.word_>>6)+((int)now.weightOf[ Index(((int)((P0 *)_this)->head), 4) ]))>((int)now.limit_))), "(slicing||(((word_>>6)+weightOf[head])>limit_))", II, tt, t);
S_1180_0: /* 2 */
		((P0 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		goto S_1183_0;
S_1182_1: /* 3 */
S_1181_0: /* 2 */
		/* else */;
		goto S_1183_0;
S_1182_2: /* 3 */
		Uerror("blocking sel in d_step (nr.49, near line 89)");
S_1183_0: /* 2 */
S_1184_0: /* 2 */
		now.mutex_ = 0;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_1323_0;
S_1323_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 487: // STATE 1189 - limiter.pml:36 - [((ready&1))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1189] = 1;
		if (!((((int)((P0 *)_this)->ready)&1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 488: // STATE 1193 - limiter.pml:29 - [D_STEP29]
		/* default 258 */
		

		reached[0][1193] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1189_0: /* 2 */
		spin_assert( !(((int)now.woken[0])), " !(woken[0])", II, tt, t);
S_1190_0: /* 2 */
		now.woken[0] = 1;
#ifdef VAR_RANGES
		logval("woken[0]", ((int)now.woken[0]));
#endif
		;
S_1191_0: /* 2 */
		((P0 *)_this)->ready = (((int)((P0 *)_this)->ready)& ~((1<<0)));
#ifdef VAR_RANGES
		logval("Caller:ready", ((int)((P0 *)_this)->ready));
#endif
		;
		goto S_1305_0;
S_1305_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 489: // STATE 1195 - limiter.pml:37 - [((ready&2))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1195] = 1;
		if (!((((int)((P0 *)_this)->ready)&2)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 490: // STATE 1199 - limiter.pml:29 - [D_STEP29]
		/* default 258 */
		

		reached[0][1199] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1195_0: /* 2 */
		spin_assert( !(((int)now.woken[1])), " !(woken[1])", II, tt, t);
S_1196_0: /* 2 */
		now.woken[1] = 1;
#ifdef VAR_RANGES
		logval("woken[1]", ((int)now.woken[1]));
#endif
		;
S_1197_0: /* 2 */
		((P0 *)_this)->ready = (((int)((P0 *)_this)->ready)& ~((1<<1)));
#ifdef VAR_RANGES
		logval("Caller:ready", ((int)((P0 *)_this)->ready));
#endif
		;
		goto S_1305_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 491: // STATE 1201 - limiter.pml:38 - [((ready&4))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1201] = 1;
		if (!((((int)((P0 *)_this)->ready)&4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 492: // STATE 1205 - limiter.pml:29 - [D_STEP29]
		/* default 258 */
		

		reached[0][1205] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1201_0: /* 2 */
		spin_assert( !(((int)now.woken[2])), " !(woken[2])", II, tt, t);
S_1202_0: /* 2 */
		now.woken[2] = 1;
#ifdef VAR_RANGES
		logval("woken[2]", ((int)now.woken[2]));
#endif
		;
S_1203_0: /* 2 */
		((P0 *)_this)->ready = (((int)((P0 *)_this)->ready)& ~((1<<2)));
#ifdef VAR_RANGES
		logval("Caller:ready", ((int)((P0 *)_this)->ready));
#endif
		;
		goto S_1305_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 493: // STATE 1207 - limiter.pml:39 - [((ready&8))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1207] = 1;
		if (!((((int)((P0 *)_this)->ready)&8)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 494: // STATE 1211 - limiter.pml:29 - [D_STEP29]
		/* default 258 */
		

		reached[0][1211] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1207_0: /* 2 */
		spin_assert( !(((int)now.woken[3])), " !(woken[3])", II, tt, t);
S_1208_0: /* 2 */
		now.woken[3] = 1;
#ifdef VAR_RANGES
		logval("woken[3]", ((int)now.woken[3]));
#endif
		;
S_1209_0: /* 2 */
		((P0 *)_this)->ready = (((int)((P0 *)_this)->ready)& ~((1<<3)));
#ifdef VAR_RANGES
		logval("Caller:ready", ((int)((P0 *)_this)->ready));
#endif
		;
		goto S_1305_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 495: // STATE 1213 - limiter.pml:41 - [(((ready==0)&&tends))] (1302:0:2 - 1)
		IfNotBlocked
		reached[0][1213] = 1;
		if (!(((((int)((P0 *)_this)->ready)==0)&&((int)((P0 *)_this)->tends))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: tends */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->tends;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->tends = 0;
		/* merge: tends = 0(0, 1214, 1302) */
		reached[0][1214] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->tends);
		((P0 *)_this)->tends = 0;
#ifdef VAR_RANGES
		logval("Caller:tends", ((int)((P0 *)_this)->tends));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 496: // STATE 1219 - limiter.pml:67 - [D_STEP67]
		/* default 258 */
		

		reached[0][1219] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1214_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1215_0: /* 2 */
		((P0 *)_this)->done = (((int)now.timerTurns_)==0);
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
S_1216_0: /* 2 */
		now.timerTurns_ = (((int)now.timerTurns_)+1);
#ifdef VAR_RANGES
		logval("timerTurns_", ((int)now.timerTurns_));
#endif
		;
S_1217_0: /* 2 */
		((P0 *)_this)->index = 1;
#ifdef VAR_RANGES
		logval("Caller:index", ((int)((P0 *)_this)->index));
#endif
		;
		goto S_1298_0;
S_1298_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 497: // STATE 1220 - limiter.pml:69 - [(done)] (1295:0:2 - 1)
		IfNotBlocked
		reached[0][1220] = 1;
		if (!(((int)((P0 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		/* merge: done = 0(0, 1221, 1295) */
		reached[0][1221] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->done);
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		/* merge: .(goto)(0, 1296, 1295) */
		reached[0][1296] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 498: // STATE 1225 - admission.pml:79 - [D_STEP79]
		if (!(boq == -1 && ( !(((int)now.mutex_))||((int)now.freed))))
			continue;

		reached[0][1225] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1221_0: /* 2 */
		if (!(( !(((int)now.mutex_))||((int)now.freed))))
			Uerror("block in d_step seq");
S_1222_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1223_0: /* 2 */
		now.mutex_ = 1;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_1228_0;
S_1228_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 499: // STATE 1229 - admission.pml:613 - [D_STEP613]
		/* default 258 */
		

		reached[0][1229] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1226_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1227_0: /* 2 */
		((P0 *)_this)->done = (((((int)now.deadline[0])||((int)now.deadline[1]))||((int)now.deadline[2]))||(((int)now.requested_)&&(((now.word_>>6)!=0)||(((int)now.limit_)<((int)now.ceiling_)))));
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		goto S_1229_0;
S_1229_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 500: // STATE 1230 - admission.pml:614 - [requested_ = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1230] = 1;
		(trpt+1)->bup.oval = ((int)now.requested_);
		now.requested_ = 0;
#ifdef VAR_RANGES
		logval("requested_", ((int)now.requested_));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 501: // STATE 1231 - admission.pml:616 - [((done&&timerAt_))] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1231] = 1;
		if (!((((int)((P0 *)_this)->done)&&((int)now.timerAt_))))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 502: // STATE 1232 - admission.pml:616 - [done = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1232] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->done);
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 503: // STATE 1233 - admission.pml:617 - [((!(done)&&timerAt_))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1233] = 1;
		if (!(( !(((int)((P0 *)_this)->done))&&((int)now.timerAt_))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 504: // STATE 1234 - admission.pml:617 - [more = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1234] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->more);
		((P0 *)_this)->more = 1;
#ifdef VAR_RANGES
		logval("Caller:more", ((int)((P0 *)_this)->more));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 505: // STATE 1238 - admission.pml:621 - [((done||more))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1238] = 1;
		if (!((((int)((P0 *)_this)->done)||((int)((P0 *)_this)->more))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 506: // STATE 1243 - admission.pml:622 - [D_STEP622]
		/* default 258 */
		

		reached[0][1243] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1238_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1239_0: /* 2 */
		now.timerAt_ = ((int)((P0 *)_this)->done);
#ifdef VAR_RANGES
		logval("timerAt_", ((int)now.timerAt_));
#endif
		;
S_1240_0: /* 2 */
		now.timerGeneration_ = ((((int)now.timerGeneration_)+1)%8);
#ifdef VAR_RANGES
		logval("timerGeneration_", ((int)now.timerGeneration_));
#endif
		;
S_1241_0: /* 2 */
		((P0 *)_this)->generation = ((int)now.timerGeneration_);
#ifdef VAR_RANGES
		logval("Caller:generation", ((int)((P0 *)_this)->generation));
#endif
		;
		goto S_1254_0;
S_1254_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 507: // STATE 1244 - admission.pml:604 - [((0&&((word_&8)==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1244] = 1;
		if (!((0&&((now.word_&8)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 508: // STATE 1247 - admission.pml:604 - [D_STEP604]
		/* default 258 */
		

		reached[0][1247] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1244_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1245_0: /* 2 */
		now.word_ = (now.word_|8);
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1253_0;
S_1253_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 509: // STATE 1248 - admission.pml:605 - [((!(0)&&((word_&8)!=0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1248] = 1;
		if (!(( !(0)&&((now.word_&8)!=0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 510: // STATE 1251 - admission.pml:605 - [D_STEP605]
		/* default 258 */
		

		reached[0][1251] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1248_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1249_0: /* 2 */
		now.word_ = (now.word_& ~(8));
#ifdef VAR_RANGES
		logval("word_", now.word_);
#endif
		;
		goto S_1253_0; /* ';' */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 511: // STATE 1271 - admission.pml:84 - [D_STEP84]
		/* default 258 */
		

		reached[0][1271] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1258_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1259_0: /* 2 */
		spin_assert(((now.word_>>6)==((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))), "((word_>>6)==((holds[0]+holds[1])+holds[2]))", II, tt, t);
S_1260_0: /* 2 */
		spin_assert((((int)now.queued_)==q_len(now.queue_)), "(queued_==q_len(queue_))", II, tt, t);
S_1261_0: /* 2 */
		spin_assert((((now.word_&1)!=0)==(q_len(now.queue_)!=0)), "(((word_&1)!=0)==(q_len(queue_)!=0))", II, tt, t);
S_1267_0: /* 2 */
S_1262_0: /* 2 */
		if (!((q_len(now.queue_)!=0)))
			goto S_1267_1;
S_1263_0: /* 2 */
		if (q_len(now.queue_) == 0) Uerror("block in d_step seq");

		XX=1;
		((P0 *)_this)->head = qrecv(now.queue_, XX-1, 0, 0);
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		
#ifdef HAS_CODE
		if (readtrail && gui) {
			char simtmp[32];
			sprintf(simvals, "%d?", now.queue_);
		sprintf(simtmp, "%d", ((int)((P0 *)_this)->head)); strcat(simvals, simtmp);		}
#endif
		;
S_1264_0: /* 2 */
		spin_assert((((int)now.slicing)||(((now.word_>>6)+((int)now.weightOf[ Index(((int)((P0 *)_this)->head), 4) ]))>((int)now.limit_))), "(slicing||(((word_>>6)+weightOf[head])>limit_))", II, tt, t);
S_1265_0: /* 2 */
		((P0 *)_this)->head = 0;
#ifdef VAR_RANGES
		logval("Caller:head", ((int)((P0 *)_this)->head));
#endif
		;
		goto S_1268_0;
S_1267_1: /* 3 */
S_1266_0: /* 2 */
		/* else */;
		goto S_1268_0;
S_1267_2: /* 3 */
		Uerror("blocking sel in d_step (nr.50, near line 89)");
S_1268_0: /* 2 */
S_1269_0: /* 2 */
		now.mutex_ = 0;
#ifdef VAR_RANGES
		logval("mutex_", ((int)now.mutex_));
#endif
		;
		goto S_1278_0;
S_1278_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 512: // STATE 1274 - limiter.pml:85 - [(done)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1274] = 1;
		if (!(((int)((P0 *)_this)->done)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: done */  (trpt+1)->bup.oval = ((P0 *)_this)->done;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->done = 0;
		_m = 3; goto P999; /* 0 */
	case 513: // STATE 1275 - limiter.pml:85 - [timer = (generation+1)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1275] = 1;
		(trpt+1)->bup.oval = ((int)now.timer);
		now.timer = (((int)((P0 *)_this)->generation)+1);
#ifdef VAR_RANGES
		logval("timer", ((int)now.timer));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 514: // STATE 1276 - limiter.pml:86 - [(more)] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1276] = 1;
		if (!(((int)((P0 *)_this)->more)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: more */  (trpt+1)->bup.oval = ((P0 *)_this)->more;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->more = 0;
		_m = 3; goto P999; /* 0 */
	case 515: // STATE 1277 - limiter.pml:86 - [timer = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1277] = 1;
		(trpt+1)->bup.oval = ((int)now.timer);
		now.timer = 0;
#ifdef VAR_RANGES
		logval("timer", ((int)now.timer));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 516: // STATE 1284 - limiter.pml:89 - [D_STEP89]
		IfNotBlocked

		reached[0][1284] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1280_0: /* 2 */
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
S_1281_0: /* 2 */
		((P0 *)_this)->more = 0;
#ifdef VAR_RANGES
		logval("Caller:more", ((int)((P0 *)_this)->more));
#endif
		;
S_1282_0: /* 2 */
		((P0 *)_this)->generation = 0;
#ifdef VAR_RANGES
		logval("Caller:generation", ((int)((P0 *)_this)->generation));
#endif
		;
		goto S_1288_0;
S_1288_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 517: // STATE 1289 - limiter.pml:73 - [D_STEP73]
		/* default 258 */
		

		reached[0][1289] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1285_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1286_0: /* 2 */
		now.timerTurns_ = (((int)now.timerTurns_)-((int)((P0 *)_this)->index));
#ifdef VAR_RANGES
		logval("timerTurns_", ((int)now.timerTurns_));
#endif
		;
S_1287_0: /* 2 */
		((P0 *)_this)->index = ((int)now.timerTurns_);
#ifdef VAR_RANGES
		logval("Caller:index", ((int)((P0 *)_this)->index));
#endif
		;
		goto S_1292_0;
S_1292_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 518: // STATE 1290 - limiter.pml:74 - [((index==0))] (1305:0:2 - 1)
		IfNotBlocked
		reached[0][1290] = 1;
		if (!((((int)((P0 *)_this)->index)==0)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: index */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->index;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->index = 0;
		/* merge: goto :b16(1305, 1291, 1305) */
		reached[0][1291] = 1;
		;
		/* merge: index = 0(1305, 1301, 1305) */
		reached[0][1301] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->index);
		((P0 *)_this)->index = 0;
#ifdef VAR_RANGES
		logval("Caller:index", ((int)((P0 *)_this)->index));
#endif
		;
		/* merge: .(goto)(0, 1306, 1305) */
		reached[0][1306] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 519: // STATE 1301 - limiter.pml:78 - [index = 0] (0:1305:1 - 5)
		IfNotBlocked
		reached[0][1301] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->index);
		((P0 *)_this)->index = 0;
#ifdef VAR_RANGES
		logval("Caller:index", ((int)((P0 *)_this)->index));
#endif
		;
		/* merge: .(goto)(0, 1306, 1305) */
		reached[0][1306] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 520: // STATE 1303 - limiter.pml:43 - [(((ready==0)&&!(tends)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1303] = 1;
		if (!(((((int)((P0 *)_this)->ready)==0)&& !(((int)((P0 *)_this)->tends)))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 521: // STATE 1308 - limiter.pml:45 - [(lastOut)] (1320:0:2 - 1)
		IfNotBlocked
		reached[0][1308] = 1;
		if (!(((int)((P0 *)_this)->lastOut)))
			continue;
		if (TstOnly) return 1; /* TT */
		/* dead 1: lastOut */  (trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->lastOut;
#ifdef HAS_CODE
		if (!readtrail)
#endif
			((P0 *)_this)->lastOut = 0;
		/* merge: lastOut = 0(0, 1309, 1320) */
		reached[0][1309] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->lastOut);
		((P0 *)_this)->lastOut = 0;
#ifdef VAR_RANGES
		logval("Caller:lastOut", ((int)((P0 *)_this)->lastOut));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 522: // STATE 1319 - limiter.pml:14 - [D_STEP14]
		/* default 258 */
		

		reached[0][1319] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1309_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1310_0: /* 2 */
		now.references_ = (((int)now.references_)-1);
#ifdef VAR_RANGES
		logval("references_", ((int)now.references_));
#endif
		;
S_1316_0: /* 2 */
S_1311_0: /* 2 */
		if (!((((int)now.references_)==0)))
			goto S_1316_1;
S_1312_0: /* 2 */
		spin_assert((( !(((int)now.mutex_))&&(q_len(now.queue_)==0))&&(q_len(now.drains_)==0)), "(( !(mutex_)&&(q_len(queue_)==0))&&(q_len(drains_)==0))", II, tt, t);
S_1313_0: /* 2 */
		spin_assert((((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))==0), "(((holds[0]+holds[1])+holds[2])==0)", II, tt, t);
S_1314_0: /* 2 */
		now.freed = 1;
#ifdef VAR_RANGES
		logval("freed", ((int)now.freed));
#endif
		;
		goto S_1317_0;
S_1316_1: /* 3 */
S_1315_0: /* 2 */
		/* else */;
		goto S_1317_0;
S_1316_2: /* 3 */
		Uerror("blocking sel in d_step (nr.51, near line 17)");
S_1317_0: /* 2 */
		goto S_1322_0;
S_1322_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 523: // STATE 1334 - limiter.pml:14 - [D_STEP14]
		/* default 258 */
		

		reached[0][1334] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_1324_0: /* 2 */
		spin_assert( !(((int)now.freed)), " !(freed)", II, tt, t);
S_1325_0: /* 2 */
		now.references_ = (((int)now.references_)-1);
#ifdef VAR_RANGES
		logval("references_", ((int)now.references_));
#endif
		;
S_1331_0: /* 2 */
S_1326_0: /* 2 */
		if (!((((int)now.references_)==0)))
			goto S_1331_1;
S_1327_0: /* 2 */
		spin_assert((( !(((int)now.mutex_))&&(q_len(now.queue_)==0))&&(q_len(now.drains_)==0)), "(( !(mutex_)&&(q_len(queue_)==0))&&(q_len(drains_)==0))", II, tt, t);
S_1328_0: /* 2 */
		spin_assert((((((int)now.holds[0])+((int)now.holds[1]))+((int)now.holds[2]))==0), "(((holds[0]+holds[1])+holds[2])==0)", II, tt, t);
S_1329_0: /* 2 */
		now.freed = 1;
#ifdef VAR_RANGES
		logval("freed", ((int)now.freed));
#endif
		;
		goto S_1332_0;
S_1331_1: /* 3 */
S_1330_0: /* 2 */
		/* else */;
		goto S_1332_0;
S_1331_2: /* 3 */
		Uerror("blocking sel in d_step (nr.52, near line 17)");
S_1332_0: /* 2 */
		goto S_1339_0;
S_1339_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 524: // STATE 1338 - bulkhead.pml:113 - [done = 0] (0:1348:4 - 1)
		IfNotBlocked
		reached[0][1338] = 1;
		(trpt+1)->bup.ovals = grab_ints(4);
		(trpt+1)->bup.ovals[0] = ((int)((P0 *)_this)->done);
		((P0 *)_this)->done = 0;
#ifdef VAR_RANGES
		logval("Caller:done", ((int)((P0 *)_this)->done));
#endif
		;
		/* merge: .(goto)(1348, 1340, 1348) */
		reached[0][1340] = 1;
		;
		/* merge: now = 0(1348, 1341, 1348) */
		reached[0][1341] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->now);
		((P0 *)_this)->now = 0;
#ifdef VAR_RANGES
		logval("Caller:now", ((int)((P0 *)_this)->now));
#endif
		;
		/* merge: held = 0(1348, 1342, 1348) */
		reached[0][1342] = 1;
		(trpt+1)->bup.ovals[2] = ((int)((P0 *)_this)->held);
		((P0 *)_this)->held = 0;
#ifdef VAR_RANGES
		logval("Caller:held", ((int)((P0 *)_this)->held));
#endif
		;
		/* merge: .(goto)(1348, 1346, 1348) */
		reached[0][1346] = 1;
		;
		/* merge: weight = 0(1348, 1347, 1348) */
		reached[0][1347] = 1;
		(trpt+1)->bup.ovals[3] = ((int)((P0 *)_this)->weight);
		((P0 *)_this)->weight = 0;
#ifdef VAR_RANGES
		logval("Caller:weight", ((int)((P0 *)_this)->weight));
#endif
		;
		/* merge: .(goto)(0, 1349, 1348) */
		reached[0][1349] = 1;
		;
		_m = 3; goto P999; /* 6 */
	case 525: // STATE 1341 - bulkhead.pml:115 - [now = 0] (0:1348:3 - 3)
		IfNotBlocked
		reached[0][1341] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = ((int)((P0 *)_this)->now);
		((P0 *)_this)->now = 0;
#ifdef VAR_RANGES
		logval("Caller:now", ((int)((P0 *)_this)->now));
#endif
		;
		/* merge: held = 0(1348, 1342, 1348) */
		reached[0][1342] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->held);
		((P0 *)_this)->held = 0;
#ifdef VAR_RANGES
		logval("Caller:held", ((int)((P0 *)_this)->held));
#endif
		;
		/* merge: .(goto)(1348, 1346, 1348) */
		reached[0][1346] = 1;
		;
		/* merge: weight = 0(1348, 1347, 1348) */
		reached[0][1347] = 1;
		(trpt+1)->bup.ovals[2] = ((int)((P0 *)_this)->weight);
		((P0 *)_this)->weight = 0;
#ifdef VAR_RANGES
		logval("Caller:weight", ((int)((P0 *)_this)->weight));
#endif
		;
		/* merge: .(goto)(0, 1349, 1348) */
		reached[0][1349] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 526: // STATE 1344 - bulkhead.pml:116 - [result = 0] (0:1348:2 - 1)
		IfNotBlocked
		reached[0][1344] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((P0 *)_this)->result;
		((P0 *)_this)->result = 0;
#ifdef VAR_RANGES
		logval("Caller:result", ((P0 *)_this)->result);
#endif
		;
		/* merge: .(goto)(1348, 1346, 1348) */
		reached[0][1346] = 1;
		;
		/* merge: weight = 0(1348, 1347, 1348) */
		reached[0][1347] = 1;
		(trpt+1)->bup.ovals[1] = ((int)((P0 *)_this)->weight);
		((P0 *)_this)->weight = 0;
#ifdef VAR_RANGES
		logval("Caller:weight", ((int)((P0 *)_this)->weight));
#endif
		;
		/* merge: .(goto)(0, 1349, 1348) */
		reached[0][1349] = 1;
		;
		_m = 3; goto P999; /* 3 */
	case 527: // STATE 1347 - bulkhead.pml:118 - [weight = 0] (0:1348:1 - 4)
		IfNotBlocked
		reached[0][1347] = 1;
		(trpt+1)->bup.oval = ((int)((P0 *)_this)->weight);
		((P0 *)_this)->weight = 0;
#ifdef VAR_RANGES
		logval("Caller:weight", ((int)((P0 *)_this)->weight));
#endif
		;
		/* merge: .(goto)(0, 1349, 1348) */
		reached[0][1349] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 528: // STATE 1351 - bulkhead.pml:120 - [ended = (ended+1)] (0:0:1 - 3)
		IfNotBlocked
		reached[0][1351] = 1;
		(trpt+1)->bup.oval = ((int)now.ended);
		now.ended = (((int)now.ended)+1);
#ifdef VAR_RANGES
		logval("ended", ((int)now.ended));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 529: // STATE 1352 - bulkhead.pml:121 - [-end-] (0:0:0 - 1)
		IfNotBlocked
		reached[0][1352] = 1;
		if (!delproc(1, II)) continue;
		_m = 3; goto P999; /* 0 */
	case  _T5:	/* np_ */
		if (!((!(trpt->o_pm&4) && !(trpt->tau&128))))
			continue;
		/* else fall through */
	case  _T2:	/* true */
		_m = 3; goto P999;
#undef rand
	}

